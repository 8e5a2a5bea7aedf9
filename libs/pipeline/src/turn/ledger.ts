import type { LatencyLedger } from '@carillon/contracts';
import type { Ms } from '../ports.js';
import type { Reply, Turn } from './state.js';

/**
 * Splits the time from the last voiced sample to the first frame of the answer. Each mark is rounded to whole milliseconds from the start and
 * never lies before its forerunner, so the parts are differences of integers and add up exactly.
 */
export function latencyLedger(turn: Turn, reply: Reply, firstFrameAt: Ms): LatencyLedger {
  const phraseAt = reply.firstPhraseAt ?? firstFrameAt;
  const marks = [
    turn.noticedAt,
    turn.waitEndedAt,
    turn.committedAt,
    reply.firstTokenAt ?? phraseAt,
    phraseAt,
    reply.firstAudioAt ?? firstFrameAt,
    firstFrameAt,
  ];
  const replyMs = Math.max(0, Math.round(firstFrameAt - turn.lastVoicedAt));
  let before = 0;
  const parts = marks.map((mark) => {
    const now = Math.min(replyMs, Math.max(before, Math.round(mark - turn.lastVoicedAt)));
    const part = now - before;
    before = now;
    return part;
  });
  const [vadLagMs = 0, endpointWaitMs = 0, sttWaitMs = 0, llmFirstTokenMs = 0, firstPhraseMs = 0, ttsFirstByteMs = 0, sendMs = 0] = parts;
  return { replyMs, vadLagMs, endpointWaitMs, sttWaitMs, llmFirstTokenMs, firstPhraseMs, ttsFirstByteMs, sendMs };
}
