import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallContext } from '@carillon/contracts';
import type { Clock, LlmProvider, SttProvider, TtsProvider } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { CachedTts } from '@carillon/providers';
import { createRealClock, ScriptedTts, ScriptedVad } from '@carillon/testing';
import { TestPhone, callContext, closed, eventually, openSocket, stageWorker, type StagedWorker } from './media-worker.spec-support.js';
import { openSpeechCache } from './open-speech-cache.js';
import { PreparedSpeech } from './prepared-speech.js';

const log = createLogger('test', { level: 'silent', pii: false });
const real = createRealClock();
/** A recogniser is given up after 15 s: here that is a second and a half. */
const PACE = 10;
const clock: Clock = { now: () => real.now() * PACE, setTimer: (at, callback) => real.setTimer(at / PACE, callback) };
/** What is spoken is this loud, so that it is known on the phone. */
const LEVEL = 3_000;

const SCRIPT = 'I am sorry, I have a technical problem. If you would like us to call you again, please press 1.';

const dead = new Error('nothing works');
const deadStt: SttProvider = {
  finalP99Ms: 600,
  open(_options, listener) {
    const timer = clock.setTimer(clock.now(), () => listener.failed(dead));
    return { push: () => undefined, close: () => timer.cancel() };
  },
};
const deadLlm: LlmProvider = {
  async *stream() {
    yield* [];
    throw dead;
  },
};
const deadTts: TtsProvider = {
  speak: (_request, listener) => clock.setTimer(clock.now(), () => listener.failed(dead)),
  close: () => undefined,
};

describe('a call in which nothing works, not even synthesis', () => {
  let dir = '';
  let staged: StagedWorker;
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'speech-'))));
  afterEach(async () => {
    await staged.worker.close();
    await rm(dir, { recursive: true });
  });

  const open = (tts: TtsProvider): Promise<CachedTts> => openSpeechCache({ memoryMb: 32, dir, diskMb: 16 }, { tts, clock, log });

  /** A worker that was there while synthesis worked, and left its folder to the next one. */
  async function stage(context: CallContext): Promise<TestPhone> {
    const before = await open(new ScriptedTts({ clock, ttfbMs: 1, msPerCharacter: 4, level: LEVEL }));
    const prepared = new PreparedSpeech({ tts: before, clock, wallNow: Date.now, log });
    prepared.prepare(context);
    await eventually(() => prepared.isIdle, 'the lines are prepared');
    const speech = await open(deadTts);
    staged = await stageWorker({
      clock,
      contexts: [context],
      providersFor: () => ({ vad: new ScriptedVad(), stt: deadStt, llm: deadLlm, tts: speech }),
    });
    return new TestPhone(await openSocket(await staged.mediaUrl('c1')));
  }
  const said = () => staged.live.flatMap((event) => (event.type === 'call.said' && event.persona === 'assistant' ? [event.content] : []));
  const press = (phone: TestPhone, tone: string) => phone.socket.send(JSON.stringify({ kind: 'DtmfData', dtmfData: { data: tone } }));

  it('says what lies on disk: greeting, apology, the offer to be called again, and goodbye; who presses 1 is promised a call', async () => {
    const phone = await stage(callContext('c1', { campaignId: 'campaign' }));
    await eventually(() => said().at(-1) === SCRIPT, 'the static script is heard');
    expect(said()[0]).toMatch(/^Hello, this is Adam/);
    const hungUp = closed(phone.socket);
    press(phone, '1');
    expect((await hungUp).reason).toBe('provider_failure');
    expect(said().at(-1)).toBe('Thank you. We will call you again. Goodbye.');
    expect(phone.heard.has(LEVEL)).toBe(true);
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(staged.requests).toEqual([{ callId: 'c1', callBack: 'later' }]);
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ disposition: 'network_failure', agentClosed: false });
    await eventually(() => staged.hungUp.includes('connection-1'), 'the phone call is hung up');
  }, 15_000);

  it('is no conversation where the person hangs up while we are still apologising', async () => {
    const phone = await stage(callContext('c1', { campaignId: 'campaign' }));
    await eventually(() => said().at(-1) === SCRIPT, 'the offer is heard');
    phone.socket.close();
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ disposition: 'network_failure', agentClosed: false });
  }, 15_000);

  it('promises nothing where the campaign does not call back', async () => {
    const conversation = { failure_callback_offer: false };
    const phone = await stage(callContext('c1', { campaignId: 'campaign', conversation }));
    expect((await closed(phone.socket)).reason).toBe('provider_failure');
    expect(said().at(-1)).toBe('I am sorry, I have a technical problem. Thank you for your time. Goodbye.');
    expect(staged.requests).toEqual([]);
  }, 15_000);

  it('is ended with its reason also where nothing was ever prepared', async () => {
    staged = await stageWorker({
      clock,
      contexts: [callContext('c1')],
      providersFor: () => ({ vad: new ScriptedVad(), stt: deadStt, llm: deadLlm, tts: deadTts }),
    });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    expect((await closed(phone.socket)).reason).toBe('provider_failure');
    await eventually(() => staged.calls.get('c1')?.outcome?.disposition === 'network_failure', 'the end is written');
  });
});
