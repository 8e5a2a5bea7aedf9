import { JobTimeoutError, withJobDeadline } from './job-deadline.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('Work that is done in time is left alone', async () => {
  let seen: AbortSignal | undefined;
  await withJobDeadline(1_000, async (signal) => void (seen = signal));
  await jest.advanceTimersByTimeAsync(10_000);
  expect(seen?.aborted).toBe(false);
});

it('Work that takes longer is told to stop, and its job fails', async () => {
  let stopped = false;
  const work = (signal: AbortSignal) => new Promise<void>(() => signal.addEventListener('abort', () => (stopped = true)));
  const job = expect(withJobDeadline(1_000, work)).rejects.toThrow(JobTimeoutError);
  await jest.advanceTimersByTimeAsync(1_000);
  await job;
  expect(stopped).toBe(true);
});

it('Work that fails fails as it does', async () => {
  await expect(withJobDeadline(1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(jest.getTimerCount()).toBe(0);
});
