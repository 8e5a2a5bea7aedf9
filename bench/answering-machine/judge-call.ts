import {
  createAnswerState,
  detectAnsweringMachine,
  machineAction,
  nextAnswerLookAt,
  ToneDetector,
  type AnswerFact,
  type AnswerState,
  type AnswerVerdict,
  type LineTone,
} from '@carillon/pipeline';
import type { ComposedCall } from './compose-call.js';
import type { VoiceEdge } from './hear-voice.js';
import { RATE_HZ } from './line-sounds.js';
import type { Transcript } from './transcribe.js';

/** How the detector judged a call, and what the engine would have done. */
export interface Judgement {
  verdict: AnswerVerdict;
  /** Something else than going on was asked for. */
  delayed: boolean;
  /** When the message for a machine would have begun; null where it was hung up on without one, or goes on. */
  messageAt: number | null;
}

interface Noticed {
  noticedAt: number;
  fact: AnswerFact;
}

/** All that the engine would notice of a call, in the order in which it does. */
export function factsOf(
  call: Pick<ComposedCall, 'agent'>,
  voice: readonly VoiceEdge[],
  texts: readonly Transcript[],
  tones: readonly Heard[],
  language: string,
): Noticed[] {
  const noticed: Noticed[] = [
    ...call.agent.flatMap(({ startedAt, endedAt }) => [
      { noticedAt: startedAt, fact: { kind: 'agent' as const, at: startedAt, speaking: true } },
      { noticedAt: endedAt, fact: { kind: 'agent' as const, at: endedAt, speaking: false } },
    ]),
    ...voice.map(({ speaking, at, noticedAt }) => ({ noticedAt, fact: { kind: 'voice' as const, at, speaking } })),
    ...texts.map(({ kind, at, text }) => ({ noticedAt: at, fact: { kind, at, text, language } })),
    ...tones.map(({ tone, noticedAt }) => ({ noticedAt, fact: { kind: 'tone' as const, at: noticedAt, tone } })),
  ];
  return noticed.sort((left, right) => left.noticedAt - right.noticedAt);
}

/** As the engine would: each fact when it is noticed, and a look at the clock whenever the detector asked for one. Until `endsAt`. */
export function judgeCall(facts: readonly Noticed[], endsAt: number): Judgement {
  const judgement = { delayed: false, messageAt: null as number | null };
  let state = createAnswerState();
  const act = (next: AnswerState) => {
    state = next;
    if (machineAction(state, HANG_UP).do !== 'go_on') judgement.delayed = true;
    if (judgement.messageAt === null && machineAction(state, LEAVE_MESSAGE).do === 'leave_message') judgement.messageAt = state.heard.now;
  };
  for (const { fact, noticedAt } of facts) {
    lookUntil(noticedAt);
    act(detectAnsweringMachine(state, fact));
  }
  lookUntil(endsAt);
  return { verdict: state.verdict, ...judgement };

  function lookUntil(until: number): void {
    for (let at = nextLook(state); at !== null && at <= until; at = nextLook(state))
      act(detectAnsweringMachine(state, { kind: 'time', at }));
  }
}

const HANG_UP = { on_machine: 'hang_up', message: null } as const;
const LEAVE_MESSAGE = { on_machine: 'leave_message', message: 'please call us back' } as const;

function nextLook(state: AnswerState): number | null {
  const action = machineAction(state, LEAVE_MESSAGE);
  const looks = [nextAnswerLookAt(state), action.do === 'keep_silent' ? action.until : null].filter(
    (at) => at !== null && at > state.heard.now,
  );
  return looks.length === 0 ? null : Math.min(...(looks as number[]));
}

export interface Heard {
  tone: LineTone;
  noticedAt: number;
}

const FRAME_SAMPLES = RATE_HZ / 50;
const FRAME_MS = 20;

export function hearTones(pcm: Int16Array): { tones: Heard[]; frames: number; spentMs: number } {
  const detector = new ToneDetector(RATE_HZ);
  const tones: Heard[] = [];
  const frames = Math.floor(pcm.length / FRAME_SAMPLES);
  const startedAt = performance.now();
  for (let frame = 0; frame < frames; frame++) {
    const noticedAt = (frame + 1) * FRAME_MS;
    const tone = detector.push(pcm.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES), noticedAt);
    if (tone !== null) tones.push({ tone, noticedAt });
  }
  return { tones, frames, spentMs: performance.now() - startedAt };
}
