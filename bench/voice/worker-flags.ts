/**
 * As the README starts a media worker in production. Audio lies outside the heap and is short-lived: 64 MB of it make V8 mark the whole heap with four
 * threads, every 20 s at 100 calls, and calls wait for 25 to 60 ms each time. So audio counts as the heap does, the heap may grow to four times what lives
 * before that, and two helper threads do it.
 */
export const WORKER_FLAGS = [
  '--max-semi-space-size=32',
  '--heap-growing-percent=300',
  '--external-memory-accounted-in-global-limit',
  '--v8-pool-size=2',
];
