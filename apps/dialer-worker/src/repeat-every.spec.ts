import { repeatEvery } from './repeat-every.js';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const nobody = (error: unknown) => {
  throw error;
};

it('Work is done at once and again after each interval', async () => {
  let runs = 0;
  const repetition = repeatEvery(250, async () => void runs++, nobody);
  expect(runs).toBe(1);
  await jest.advanceTimersByTimeAsync(500);
  expect(runs).toBe(3);
  await repetition.stop();
});

it('A run that takes long is not overtaken by the next', async () => {
  let finish: () => void = () => undefined;
  let runs = 0;
  const work = () => {
    runs++;
    return new Promise<void>((resolve) => (finish = resolve));
  };
  const repetition = repeatEvery(250, work, nobody);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(runs).toBe(1);
  finish();
  await jest.advanceTimersByTimeAsync(25);
  expect(runs).toBe(2);
  finish();
  await repetition.stop();
});

it('What a run takes is part of the interval', async () => {
  const startedAt: number[] = [];
  const work = () => {
    startedAt.push(Date.now());
    return new Promise<void>((resolve) => setTimeout(resolve, 200));
  };
  const began = Date.now();
  const repetition = repeatEvery(250, work, nobody);
  await jest.advanceTimersByTimeAsync(700);
  expect(startedAt.map((at) => at - began)).toEqual([0, 250, 500]);
  const stopping = repetition.stop();
  await jest.advanceTimersByTimeAsync(200);
  await stopping;
});

it('A run that fails is reported, and the next one comes all the same, a little later', async () => {
  const errors: unknown[] = [];
  const work = () => Promise.reject(new Error('no database'));
  const repetition = repeatEvery(250, work, (error) => errors.push(error));
  await jest.advanceTimersByTimeAsync(1_999);
  expect(errors).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(1);
  expect(errors).toHaveLength(2);
  await repetition.stop();
});

it('Stopping waits for the run that is going on, and no other follows', async () => {
  let finish: () => void = () => undefined;
  let runs = 0;
  const work = () => {
    runs++;
    return new Promise<void>((resolve) => (finish = resolve));
  };
  const repetition = repeatEvery(250, work, nobody);
  let stopped = false;
  const stopping = repetition.stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(stopped).toBe(false);
  finish();
  await stopping;
  await jest.advanceTimersByTimeAsync(1_000);
  expect(runs).toBe(1);
});
