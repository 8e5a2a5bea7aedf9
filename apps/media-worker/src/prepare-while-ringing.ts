import type { CallContext } from '@carillon/contracts';
import type { Clock, Ms } from '@carillon/pipeline';
import type { PreparedSpeech } from './prepared-speech.js';
import type { TranslatedLines } from './translated-lines.js';

/** Few phones are picked up sooner. */
const LONGEST_WAIT_MS: Ms = 3_000;

export interface PrepareWhileRingingOptions {
  lines: Pick<TranslatedLines, 'prepare'>;
  prepared: Pick<PreparedSpeech, 'prepare'>;
  clock: Clock;
}

/** Has rendered what a call will say once it is translated; and where that takes long, before that, what it says without. */
export function prepareWhileRinging({
  lines,
  prepared,
  clock,
}: PrepareWhileRingingOptions): (call: CallContext, isRinging: boolean) => void {
  return (call, isRinging) => {
    const timer = clock.setTimer(clock.now() + LONGEST_WAIT_MS, () => prepared.prepare(call));
    void lines.prepare(call, isRinging).then(() => {
      timer.cancel();
      prepared.prepare(call);
    });
  };
}
