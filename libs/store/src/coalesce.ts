/** Asks for one thing, in one statement with what others ask for at the same time. */
export type Coalesced<Item, Answer> = (item: Item) => Promise<Answer>;

interface Waiting<Item, Answer> {
  item: Item;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/**
 * What comes while a statement runs goes into the next one, together: a lone caller waits for nobody, and under load many share a round trip and a commit. `run` gets up to `most` items and
 * answers in their order; when it fails, each is asked for alone, so it has to be harmless to ask twice.
 */
export function coalesce<Item, Answer>(run: (items: readonly Item[]) => Promise<readonly Answer[]>, most: number): Coalesced<Item, Answer> {
  let queue: Waiting<Item, Answer>[] = [];
  let running = false;
  const next = async () => {
    running = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, most);
      queue = queue.slice(most);
      await settle(run, batch);
    }
    running = false;
  };
  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      queue.push({ item, resolve, reject });
      if (!running) void next();
    });
}

async function settle<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  batch: readonly Waiting<Item, Answer>[],
): Promise<void> {
  try {
    const answers = await run(batch.map(({ item }) => item));
    if (answers.length !== batch.length) throw new Error(`${answers.length} answers to ${batch.length} questions`);
    batch.forEach(({ resolve }, i) => resolve(answers[i] as Answer));
  } catch (error) {
    if (batch.length === 1) return batch.forEach(({ reject }) => reject(error));
    // One bad item must not fail the others: each alone, then.
    for (const each of batch) await settle(run, [each]);
  }
}
