import type { Ms } from '@carillon/pipeline';
import {
  longestSilence,
  OutageStt,
  ScriptedLlm,
  ScriptedStt,
  ScriptedTts,
  StagedCall,
  type ScriptedAnswer,
  type StagedProviders,
  type TtsFault,
} from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { PatientLlm } from '../testing/patient-llm.js';
import { RecordingLog } from '../testing/recording-log.js';
import { FailoverLlm } from './failover-llm.js';
import { FailoverStt } from './failover-stt.js';
import { FailoverTts } from './failover-tts.js';
import type { Named } from './provider-row.js';

// What a person hears of a fault with what really stands between a call and its providers: circuits, limits and failover, once with one provider of each kind and
// once with two. The table is in docs/conversation.md; faults.spec of the pipeline has the same faults without any of this.

const log = new RecordingLog();
const THANKS = 'Thank you very much.';
const APOLOGY = 'Sorry, a problem.';
/** When the person speaks: late enough for a greeting that a slow voice says. */
const SPEAKS_FROM = 4_320;
const SILENT_FROM = 5_600;
/** Nobody is to be asked whether they are there. */
const PATIENT = { silencePromptMs: 60_000, silenceMs: 60_000 };

interface Fault {
  answers?: ScriptedAnswer[];
  faults?: (TtsFault | null)[];
  ttfbMs?: Ms;
  away?: { from: Ms; to: Ms };
  /** While the person speaks. */
  breaks?: boolean;
  deaf?: boolean;
}

const error = (code: 'llm_throttled' | 'llm_unavailable', retryAfterMs?: Ms): ScriptedAnswer => {
  return { fails: 'at-once', error: new ProviderError(code, '', { retryAfterMs }) };
};
const always = <Answer>(answer: Answer): Answer[] => Array.from({ length: 20 }, () => answer);

function failingOver({ away }: Fault, withSecond: boolean) {
  return ({ clock, stt, llm, tts }: StagedProviders) => {
    const row = <P>(first: P, second: P): Named<P>[] => {
      const all = [
        { name: 'first', provider: first },
        { name: 'second', provider: second },
      ];
      return withSecond ? all : all.slice(0, 1);
    };
    const recogniser = away ? new OutageStt(stt, { ...away, clock, error: new ProviderError('stt_refused', 'HTTP 401') }) : stt;
    const models = row<PatientLlm | ScriptedLlm>(
      new PatientLlm(llm, clock),
      new ScriptedLlm({ clock, answers: () => THANKS, ttftMs: 300 }),
    );
    const voices = row(tts, new ScriptedTts({ clock, ttfbMs: 200 }));
    return {
      stt: new FailoverStt({
        clock,
        log,
        providers: row<OutageStt | ScriptedStt>(recogniser, new ScriptedStt({ utterances: ['I am fine'] })),
      }),
      llm: new FailoverLlm({ clock, log, providers: models, hedgeShare: 0 }), // as if its budget were spent: the worst case
      tts: new FailoverTts({ clock, log, providers: voices }),
    };
  };
}

async function hear(fault: Fault, withSecond: boolean): Promise<{ silenceMs: Ms; said: string[] }> {
  const { answers = [{ text: THANKS }], faults = [], ttfbMs } = fault;
  const call = new StagedCall({ answers, tts: { faults, ttfbMs }, plan: { rules: PATIENT }, through: failingOver(fault, withSecond) });
  call.says('I am fine', SPEAKS_FROM, SILENT_FROM - SPEAKS_FROM).start();
  await call.until(SPEAKS_FROM);
  if (fault.deaf) call.stt.deafen();
  await call.until(SPEAKS_FROM + 880);
  if (fault.breaks) call.stt.fail();
  await call.until(35_000);
  const end = call.media.frames.at(-1)?.at ?? SILENT_FROM;
  return { silenceMs: longestSilence(call.media, { from: SILENT_FROM, to: end }), said: call.observer.transcript.slice(1) };
}

/** With one provider, with two, and what is said last with one. */
const ROWS: [string, Fault, Ms, Ms, string?][] = [
  ['nothing wrong', {}, 895, 895],
  ['the model: delayed by 3 s', { answers: [{ text: THANKS, ttftMs: 3_000 }] }, 1_850, 1_850],
  ['the model: stalled before a word', { answers: always({ hangs: 'at-once' }) }, 10_340, 1_850, APOLOGY],
  [
    'the model: stalled in mid-answer',
    { answers: [{ text: 'First of all, I must say. And then', hangs: 'after-text' }] },
    1_635,
    1_635,
    APOLOGY,
  ],
  ['the model: half an answer', { answers: [{ text: 'First of all, I must say. And then', fails: 'after-text' }] }, 880, 880, APOLOGY],
  ['the model: 429, to be asked again in 1.5 s', { answers: [error('llm_throttled', 1_500), { text: THANKS }] }, 1_850, 1_195],
  ['the model: 429, it does not say for how long', { answers: [error('llm_throttled'), { text: THANKS }] }, 1_595, 1_195],
  ['the model: 503 once', { answers: [error('llm_unavailable'), { text: THANKS }] }, 1_345, 1_195],
  ['the model: 503 for ever', { answers: always(error('llm_unavailable')) }, 1_850, 1_195, APOLOGY],
  ['the recogniser: refuses once', { away: { from: 0, to: 100 } }, 895, 895],
  ['the recogniser: refuses for 2 s', { away: { from: 4_300, to: 6_300 } }, 1_350, 895],
  ['the recogniser: refuses for ever', { away: { from: 4_300, to: Infinity } }, 7_220, 895, APOLOGY],
  ['the recogniser: closed in mid-sentence', { breaks: true }, 995, 895],
  ['the recogniser: deaf', { deaf: true }, 995, 995],
  ['synthesis: delayed by 2 s', { ttfbMs: 2_000 }, 2_745, 2_445],
  ['synthesis: stalled', { faults: [null, 'hangs'] }, 3_895, 2_445],
  ['synthesis: refused once', { faults: [null, 'fails'] }, 1_045, 1_095],
  ['synthesis: no sound', { faults: [null, 'empty'] }, 1_045, 1_095],
  ['synthesis: closed in mid-phrase', { faults: [null, 'breaks-off'] }, 895, 895, 'I am fine'],
];

describe('the longest silence that a person hears, with one provider of each kind and with two', () => {
  it.each(ROWS)('%s', async (_, fault, aloneMs, withSecondMs, lastSaid = THANKS) => {
    const alone = await hear(fault, false);
    const withSecond = await hear(fault, true);
    expect([alone.silenceMs, withSecond.silenceMs]).toEqual([aloneMs, withSecondMs]);
    expect(alone.said.at(-1)).toContain(lastSaid);
  });
});
