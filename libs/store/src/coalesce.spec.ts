import { coalesce } from './coalesce.js';

/** Batches that are answered when the test says so. */
function gate() {
  const batches: number[][] = [];
  const open: (() => void)[] = [];
  const run = async (items: readonly number[]) => {
    batches.push([...items]);
    await new Promise<void>((resolve) => open.push(resolve));
    return items.map((item) => item * 10);
  };
  return { batches, run, letThrough: () => open.shift()?.() };
}

it('A lone question waits for nobody; what comes meanwhile shares the next statement', async () => {
  const { batches, run, letThrough } = gate();
  const ask = coalesce(run, 3);
  const answers = [1, 2, 3, 4, 5].map((item) => ask(item));
  expect(batches).toEqual([[1]]);
  letThrough();
  expect(await answers[0]).toBe(10);
  await Promise.resolve();
  expect(batches).toEqual([[1], [2, 3, 4]]);
  letThrough();
  expect(await Promise.all(answers.slice(1, 4))).toEqual([20, 30, 40]);
  letThrough();
  expect(await answers[4]).toBe(50);
});

it('An item that makes its statement fail fails alone', async () => {
  const asked: number[][] = [];
  const ask = coalesce(async (items: readonly number[]) => {
    asked.push([...items]);
    if (items.includes(2)) throw new Error('no');
    return items;
  }, 10);
  const answers = await Promise.allSettled([0, 1, 2, 3].map((item) => ask(item)));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  expect(asked).toEqual([[0], [1, 2, 3], [1], [2], [3]]);
});
