import { createLogger } from '@carillon/platform';
import type { LineGivenUp } from '@carillon/store';
import { hangUpIfLeftOpen } from './lost-line.js';

const owner = { tenantId: 'default', callId: 'c1', epoch: 1 };

/** What is done in the end to a call whose line was lost, and after how long. */
async function giveUp(given: LineGivenUp | Error, closing = new AbortController().signal) {
  const story: string[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    setTimer(at: number, end: () => void) {
      queueMicrotask(() => {
        now = at;
        end();
      });
      return { cancel: () => undefined };
    },
  };
  const directory = {
    async giveUpLine() {
      story.push(`asked after ${now} ms`);
      if (given instanceof Error) throw given;
      return given;
    },
  };
  const snapshots = {
    async keep() {
      story.push('forgotten');
      return true;
    },
  };
  await hangUpIfLeftOpen(
    {
      ...{ directory, snapshots, clock, closing, log: createLogger('test', { level: 'silent', pii: false }) },
      onDropped: () => story.push('counted'),
      hangUp: async () => void story.push('hung up'),
    },
    owner,
    5_000,
  );
  return story;
}

const ASKED = 'asked after 5000 ms';

it.each([
  ['that did not come back is written down as lost, then it is hung up and counts', 'lost', [ASKED, 'counted', 'hung up', 'forgotten']],
  ['of a call that ends for another reason is hung up, and counts nowhere', 'ending', [ASKED, 'hung up', 'forgotten']],
  ['of a call that may be over, or not ours, is left alone', 'left', [ASKED, 'forgotten']],
  ['of which nobody knows is left alone', new Error('the database is away'), [ASKED]],
] as const)('a line %s', async (_what, given, story) => {
  expect(await giveUp(given)).toEqual(story);
});

it('a worker that closes leaves it to others', async () => {
  expect(await giveUp('lost', AbortSignal.abort())).toEqual([]);
});
