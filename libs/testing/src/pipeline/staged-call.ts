import {
  createCallSession,
  createCallTools,
  type CallLog,
  type CallPlan,
  type CallPorts,
  type CallSession,
  type CallSnapshot,
  type Ms,
  type ToolExecutor,
} from '@carillon/pipeline';
import type { ClaimField } from '@carillon/contracts';
import { FakeTransport } from './fake-transport.js';
import { RecordingObserver } from './recording-observer.js';
import { ScriptedLlm, type ScriptedLlmOptions } from './scripted-llm.js';
import { ScriptedPerson } from './scripted-person.js';
import { ScriptedStt, type ScriptedSttOptions, type ScriptedUtterance } from './scripted-stt.js';
import { ScriptedTts, type ScriptedTtsOptions } from './scripted-tts.js';
import { ScriptedVad } from './scripted-vad.js';
import { ThinningResamplers } from './thinning-resamplers.js';
import { VirtualClock } from './virtual-clock.js';

/**
 * The texts of a staged call. At 60 ms per character the greeting takes 1,200 ms to say. It is asked for with the first frame, at 20 ms, its
 * audio comes 150 ms later: it is heard from 170 to 1,370 ms.
 */
export const STAGED_LINES = {
  greeting: 'Hello, this is Adam.',
  stillThere: 'Are you there?',
  goodbye: 'Goodbye.',
  apology: 'Sorry, a problem.',
  filler: 'One moment.',
};

/** Early requests to the model are left to the scenarios that are about them: all other times are easier to work out without. */
const STAGED_RULES = { speculation: 'off' } as const;

export interface StagedCallOptions {
  clock?: VirtualClock | undefined;
  answers?: ScriptedLlmOptions['answers'] | undefined;
  /** Time to the model's first token, 200 ms if not said. */
  ttftMs?: Ms | undefined;
  stt?: ScriptedSttOptions | undefined;
  tts?: Omit<ScriptedTtsOptions, 'clock'> | undefined;
  fields?: ClaimField[] | undefined;
  tools?: ToolExecutor | undefined;
  plan?: Partial<CallPlan> | undefined;
  sampleRate?: 16000 | 24000 | undefined;
  vad?: CallPorts['vad'] | undefined;
  endpointer?: CallPorts['endpointer'];
  echo?: CallPorts['echo'];
  log?: CallLog | undefined;
  snapshot?: CallSnapshot | undefined;
  /** What stands between the session and its scripted providers. */
  through?: ((providers: StagedProviders) => Partial<Pick<CallPorts, 'stt' | 'llm' | 'tts' | 'resamplers'>>) | undefined;
}

export interface StagedProviders {
  clock: VirtualClock;
  stt: ScriptedStt;
  llm: ScriptedLlm;
  tts: ScriptedTts;
}

/** A call on a virtual clock with everything around it scripted: what a scenario test needs, in one piece. */
export class StagedCall {
  readonly clock: VirtualClock;
  readonly media: FakeTransport;
  readonly stt: ScriptedStt;
  readonly llm: ScriptedLlm;
  readonly tts: ScriptedTts;
  readonly person: ScriptedPerson;
  readonly observer: RecordingObserver;
  readonly resamplers = new ThinningResamplers();
  readonly session: CallSession;

  constructor(options: StagedCallOptions = {}) {
    this.clock = options.clock ?? new VirtualClock();
    this.media = new FakeTransport(this.clock, options.sampleRate);
    this.stt = new ScriptedStt(options.stt);
    this.llm = new ScriptedLlm({ clock: this.clock, answers: options.answers ?? [], ttftMs: options.ttftMs });
    this.tts = new ScriptedTts({ clock: this.clock, ...options.tts });
    this.observer = new RecordingObserver(() => this.clock.now());
    const { fields = [] } = options;
    const tools = options.tools ?? createCallTools({ fields, claim: {} });
    this.session = createCallSession({
      plan: { ...stagedPlan(), ...options.plan, rules: { ...STAGED_RULES, ...options.plan?.rules } },
      ports: {
        ...{ ...this.ports(), ...options.through?.(this) },
        ...{ vad: options.vad ?? new ScriptedVad(), tools, endpointer: options.endpointer, echo: options.echo },
      },
      observer: this.observer,
      log: options.log,
      snapshot: options.snapshot,
    });
    this.person = new ScriptedPerson(this.clock, (frame) => this.session.onFrame(frame), options.sampleRate);
  }

  private ports(): Pick<CallPorts, 'clock' | 'media' | 'stt' | 'llm' | 'tts' | 'resamplers'> {
    const { clock, media, stt, llm, tts, resamplers } = this;
    return { clock, media, stt, llm, tts, resamplers };
  }

  /** The person picks up now; from here on frames flow. */
  start(): this {
    this.person.start();
    return this;
  }

  /** The person speaks at `from`, and the recogniser will understand `utterance`; without one it understands nothing. */
  says(utterance: string | ScriptedUtterance, from: Ms, durationMs: Ms): this {
    this.stt.expect(utterance);
    this.person.speaks(from, durationMs);
    return this;
  }

  async until(at: Ms): Promise<this> {
    await this.clock.advanceTo(at);
    return this;
  }

  /** Levels of the frames sent in a span of time. */
  heardBetween(from: Ms, to: Ms): number[] {
    return this.media.frames.filter(({ at }) => at >= from && at < to).map(({ level }) => level);
  }
}

function stagedPlan(): CallPlan {
  return {
    language: 'en-US',
    voice: 'test',
    style: 'none',
    rate: 1,
    lines: STAGED_LINES,
    claim: {},
    systemPrompt: (claim) => `Be brief. Collected so far (JSON): ${JSON.stringify(claim)}`,
    history: [],
    phrases: [],
    maxCallMs: 900_000,
  };
}
