/** As the README starts a media worker in production: fewer and shorter pauses of the collector for some memory. */
export const WORKER_FLAGS = ['--max-semi-space-size=32', '--heap-growing-percent=300'];
