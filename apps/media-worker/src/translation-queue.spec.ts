import { TranslationQueue } from './translation-queue.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue before the model that translates', () => {
  /** Work that lasts until it is told to end. */
  function stage() {
    const queue = new TranslationQueue();
    const running: string[] = [];
    const ends = new Map<string, () => void>();
    const ask = (name: string, language: string, urgent = false) => {
      const job = { language, urgent };
      const done = queue.run(job, async () => {
        running.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
        running.splice(running.indexOf(name), 1);
      });
      return { job, done };
    };
    const end = async (name: string) => {
      ends.get(name)?.();
      await settled();
    };
    return { queue, running, ask, end };
  }

  it('lets two languages through, and of one language one piece of work', async () => {
    const { running, ask, end } = stage();
    ask('german', 'de');
    ask('german again', 'de');
    ask('spanish', 'es');
    ask('italian', 'it');
    await settled();
    expect(running).toEqual(['german', 'spanish']);
    await end('german');
    expect(running).toEqual(['spanish', 'german again']);
    await end('spanish');
    expect(running).toEqual(['german again', 'italian']);
  });

  it('prefers the language of a phone that rings, also where it began to ring later', async () => {
    const { running, ask, end } = stage();
    for (const language of ['de', 'es', 'it']) ask(language, language);
    const { job } = ask('nl', 'nl');
    await settled();
    job.urgent = true;
    await end('de');
    expect(running).toEqual(['es', 'nl']);
  });

  it('goes on after work that failed, takes only so much, and lets nothing begin once it is stopped', async () => {
    const { queue, running, ask, end } = stage();
    await expect(queue.run({ language: 'de', urgent: true }, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const asked = Array.from({ length: 203 }, (_, at) => ask(`work ${at}`, at % 2 ? 'es' : 'it').done);
    await asked.at(-1); // there is no room for it
    expect(running).toEqual(['work 0', 'work 1']);
    ask('for a phone that rings', 'es', true);
    await asked.at(-2); // makes room
    await end('work 1');
    expect(running).toEqual(['work 0', 'for a phone that rings']);
    queue.stop();
    await Promise.all(asked.slice(2));
    expect(running).toEqual(['work 0', 'for a phone that rings']);
  });
});
