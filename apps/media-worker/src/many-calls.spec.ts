import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { CallContext } from '@carillon/contracts';
import type { LlmRequest, SttListener, SttProvider, SttStream, TtsListener, TtsProvider, TtsRequest } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { CachedTts } from '@carillon/providers';
import { createRealClock, ScriptedLlm, ScriptedTts, ScriptedVad } from '@carillon/testing';
import type { HeldCall } from './hold-call.js';
import { TestPhone, callContext, eventually, openSocket, stageWorker, type StagedWorker } from './media-worker.spec-support.js';
import { OpenCalls } from './open-calls.js';

const CALLS = 200;
/** Levels tell whose voice it is: the people's, the agents', and that of lines that are everybody's. */
const VOICE = (ordinal: number) => 2_000 + ordinal;
const TONE = (ordinal: number) => 10_000 + ordinal;
const EVERYBODYS_TONE = 8_000;
const QUIET_FRAMES = 8;

/** Seven letters that no other call has, and no English text. */
const SECRETS = Array.from(
  { length: CALLS },
  (_, ordinal) =>
    `zx${ordinal
      .toString(5)
      .padStart(5, '0')
      .replace(/\d/g, (digit) => 'bkvjw'.charAt(Number(digit)))}`,
);
const SECRET = /zx[bkvjw]{5}/g;
const secretsIn = (text: string): Set<string> => new Set(text.match(SECRET) ?? []);
const secretOf = (ordinal: number): string => SECRETS[ordinal] ?? '';

/** Hears whose voice it is, and with it which word was said. One for all calls. */
class ToneStt implements SttProvider {
  readonly finalP99Ms = 600;

  open(_options: unknown, listener: SttListener): SttStream {
    let speaker: number | null = null;
    let quiet = 0;
    const push = (frame: Int16Array): void => {
      const level = frame[0] ?? 0;
      quiet = level === 0 ? quiet + 1 : 0;
      if (level >= VOICE(0)) speaker = level - VOICE(0);
      if (speaker === null || quiet < QUIET_FRAMES) return;
      listener.final(`My word is ${secretOf(speaker)}.`, 0.9);
      speaker = null;
    };
    return { push, close: () => undefined };
  }
}

/** Says every text that holds a secret in the tone of its call. One for all calls. */
class ToneTts implements TtsProvider {
  private readonly voices = new Map<number, ScriptedTts>();

  speak(request: TtsRequest, listener: TtsListener): { cancel(): void } {
    const ordinal = SECRETS.indexOf([...secretsIn(request.text)][0] ?? '');
    const level = ordinal < 0 ? EVERYBODYS_TONE : TONE(ordinal);
    const voice = this.voices.get(level) ?? new ScriptedTts({ clock: createRealClock(), ttfbMs: 10, msPerCharacter: 2, level });
    this.voices.set(level, voice);
    return voice.speak(request, listener);
  }

  close(): void {
    this.voices.clear();
  }
}

const lastUserLine = ({ messages }: LlmRequest) => messages.findLast(({ role }) => role === 'user')?.content ?? '';

/** Everything that can be shared is. */
function sharedProviders() {
  const clock = createRealClock();
  const log = createLogger('test', { level: 'silent', pii: false });
  return {
    vad: new ScriptedVad(),
    stt: new ToneStt(),
    llm: new ScriptedLlm({ clock, answers: (request) => `I will keep that. ${lastUserLine(request)}`, ttftMs: 10, wordsPerToken: 20 }),
    tts: new CachedTts({ tts: new ToneTts(), clock, log }),
  };
}

function contextOf(ordinal: number): CallContext {
  const { initiate } = callContext('');
  return callContext(`call-${ordinal}`, {
    initiate: { ...initiate, bot_name: secretOf(ordinal) },
    variables: { password: secretOf(ordinal) },
    conversation: { speculation: 'model' },
  });
}

async function pickUp(staged: StagedWorker, ordinal: number): Promise<TestPhone> {
  return new TestPhone(await openSocket(await staged.mediaUrl(`call-${ordinal}`), `connection-${ordinal}`), VOICE(ordinal));
}

/** Hands over each call that a worker takes; the answer stops that. */
function watchCalls(onCall: (call: HeldCall) => void): () => void {
  const { add } = OpenCalls.prototype;
  OpenCalls.prototype.add = function (call) {
    onCall(call);
    add.call(this, call);
  };
  return () => void (OpenCalls.prototype.add = add);
}

/** What a call is made of, which nothing else may know: also what is private to it. Shared providers are not of it. */
function partsOf(call: HeldCall): [name: string, part: object][] {
  const session = Reflect.get(call, 'session') as object;
  const {
    ports,
    plan: _plan,
    claim: _claim,
    ...parts
  } = Reflect.get(session, 'parts') as Record<string, object> & { ports: Record<string, object> };
  const { media, echo, tools } = ports;
  const recogniser = Reflect.get(parts['transcriber'] ?? {}, 'stream') as object;
  const own = ['writer', 'keeper', 'socket'].map((name) => [name, Reflect.get(call, name) as object] as const);
  return Object.entries({ call, session, ...Object.fromEntries(own), ...parts, media, meter: echo, toolbox: tools, recogniser }).flatMap(
    ([name, part]) => (part === undefined ? [] : [[name, part]]),
  );
}

const collectGarbage = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
};

describe('two hundred calls in one media worker', () => {
  const held: { name: string; part: WeakRef<object> }[] = [];
  const providers = sharedProviders();
  let staged: StagedWorker;
  const phones: TestPhone[] = [];

  const saidIn = (ordinal: number) => [...(staged.calls.get(`call-${ordinal}`)?.messages.values() ?? [])];

  beforeAll(async () => {
    const calls: HeldCall[] = [];
    const stopWatching = watchCalls((call) => calls.push(call));
    staged = await stageWorker({
      slots: CALLS,
      contexts: Array.from({ length: CALLS }, (_, ordinal) => contextOf(ordinal)),
      providersFor: (context) => {
        held.push({ name: 'context', part: new WeakRef(context) });
        return providers;
      },
    });
    for (let ordinal = 0; ordinal < CALLS; ordinal++) phones.push(await pickUp(staged, ordinal));
    await eventually(() => phones.every((_phone, ordinal) => saidIn(ordinal).length >= 1), 'all were greeted', 20_000);
    for (const [name, part] of calls.flatMap(partsOf)) held.push({ name, part: new WeakRef(part) });
    calls.length = 0;
    stopWatching();
    for (const phone of phones) phone.speak(400);
    await eventually(() => phones.every((_phone, ordinal) => saidIn(ordinal).length >= 3), 'all were answered', 20_000);
    for (const phone of phones) phone.socket.close();
    await eventually(() => staged.hungUp.length === CALLS, 'all have ended', 20_000);
  }, 80_000);
  afterAll(() => staged.worker.close());

  it('each hear and keep their own words only', () => {
    for (const ordinal of phones.keys()) {
      const { outcome: _outcome, ...kept } = staged.calls.get(`call-${ordinal}`) ?? {};
      expect(JSON.stringify(saidIn(ordinal))).toContain(`I will keep that. My word is ${secretOf(ordinal)}.`);
      expect(secretsIn(JSON.stringify({ ...kept, messages: saidIn(ordinal) }))).toEqual(new Set([secretOf(ordinal)]));
    }
    for (const { messages } of providers.llm.requests) expect(secretsIn(JSON.stringify(messages)).size).toBe(1);
  });

  it('each sound in their own tone only', () => {
    for (const [ordinal, { heard }] of phones.entries()) {
      expect(heard).toContain(TONE(ordinal));
      expect([...heard].filter((sample) => ![0, EVERYBODYS_TONE, TONE(ordinal)].includes(sample))).toEqual([]);
    }
  });

  it('tell of themselves only, in their events and in their logs', () => {
    for (const event of staged.live) {
      const ordinal = 'callId' in event ? Number(event.callId.replace('call-', '')) : -1;
      expect([...secretsIn(JSON.stringify(event))].filter((secret) => secret !== secretOf(ordinal))).toEqual([]);
    }
    for (const line of staged.logLines) {
      const ordinal = Number(/"callId":"call-(\d+)"/.exec(line)?.[1] ?? -1);
      expect([...secretsIn(line)].filter((secret) => secret !== secretOf(ordinal))).toEqual([]);
    }
  });

  it('leave nothing that could be reached when they are over', async () => {
    const collect = collectGarbage();
    const names = [...new Set(held.map(({ name }) => name))];
    expect(names).toEqual(
      expect.arrayContaining([
        'context',
        'call',
        'session',
        'observer',
        'media',
        'socket',
        'vad',
        'recogniser',
        'model',
        'speech',
        'playout',
      ]),
    );
    expect(held).toHaveLength(CALLS * names.length);
    for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
    }
    expect(held.flatMap(({ name, part }) => (part.deref() === undefined ? [] : [name]))).toEqual([]);
    expect(await staged.metricsText()).toMatch(new RegExp(`carillon_calls_dropped_total\\{by="worker"[^}]*\\} ${CALLS}`));
  });
});
