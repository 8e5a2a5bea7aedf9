import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_ANSWERING_MACHINE_RULES } from '@carillon/contracts';
import type { TtsRequest } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { CachedTts } from '@carillon/providers';
import { createRealClock, ScriptedTts, VirtualClock } from '@carillon/testing';
import { TestPhone, callContext, eventually, openSocket, scriptedProviders, stageWorker } from './media-worker.spec-support.js';
import { openSpeechCache } from './open-speech-cache.js';
import { PreparedSpeech } from './prepared-speech.js';
import { speechOfCall } from './speech-of-call.js';

const log = createLogger('test', { level: 'silent', pii: false });
const NOW = new Date('2026-03-02T15:00:00Z');
const OF_CAMPAIGN = { campaignId: 'campaign' };
const textsOf = (requests: readonly TtsRequest[]) => requests.map(({ text }) => text);

describe('what a call is likely to say', () => {
  it('is ready in the order in which it is needed: the notice, the greeting, a filler, an apology', () => {
    const context = callContext('c1', { ...OF_CAMPAIGN, conversation: { legal_notice: 'This call is recorded.' } });
    const { forEverybody, forPerson } = speechOfCall(context, NOW);
    expect(textsOf(forEverybody).slice(0, 4)).toEqual([
      'This call is recorded.',
      expect.stringMatching(/^Hello, this is Adam/),
      'One moment, please.',
      'I am sorry, I have a technical problem.',
    ]);
    expect(forPerson).toEqual([]);
    expect(forEverybody[0]).toMatchObject({ voice: 'v', language: 'en-US', rate: 1, sampleRate: 16_000 });
    expect(speechOfCall(context, NOW, undefined, 24_000).forEverybody[0]).toMatchObject({ sampleRate: 24_000 });
  });

  it('is kept on disk only where it concerns nobody: not what a row of the contact stands in', () => {
    const greeted = callContext('c1', { ...OF_CAMPAIGN, variables: { first_name: 'adam', age: '9' } });
    const { forEverybody, forPerson } = speechOfCall(greeted, NOW);
    expect(textsOf(forPerson)).toEqual([expect.stringMatching(/^Hello, this is Adam/)]);
    expect(textsOf(forEverybody)).toContain('One moment, please.');
  });

  it('knows a name of one sign, and takes no single letter of a word for one', () => {
    const legal = { conversation: { legal_notice: '王先生，您好。' } };
    const chinese = speechOfCall(callContext('c1', { ...OF_CAMPAIGN, ...legal, variables: { surname: '王' } }), NOW);
    expect(textsOf(chinese.forPerson)).toEqual(['王先生，您好。']);
    const rated = speechOfCall(callContext('c1', { ...OF_CAMPAIGN, variables: { rating: 'A', group: 'd' } }), NOW);
    expect(textsOf(rated.forEverybody)).toContain('I am sorry, I have a technical problem.');
    const noted = { conversation: { legal_notice: 'This is for Mr. O, and nobody else.' }, variables: { surname: 'O' } };
    expect(textsOf(speechOfCall(callContext('c1', { ...OF_CAMPAIGN, ...noted }), NOW).forPerson)).toContain(
      'This is for Mr. O, and nobody else.',
    );
  });

  it('is the message for machines too, unless it is for this person alone', () => {
    const messageFor = (message: string) => {
      const answeringMachine = { ...DEFAULT_ANSWERING_MACHINE_RULES, on_machine: 'leave_message' as const, message };
      const { forEverybody, forPerson } = speechOfCall(
        callContext('c1', { ...OF_CAMPAIGN, variables: { name: 'Ann' }, answeringMachine }),
        NOW,
      );
      return [...textsOf(forEverybody), ...textsOf(forPerson)];
    };
    expect(messageFor('{bot} has called.')).toContain('Adam has called.');
    expect(messageFor('{name}, we have called.')).not.toContainEqual(expect.stringContaining('we have called'));
  });

  it('is nobody knows whose where a single call was asked for: its greeting and its notice stay in memory', () => {
    const conversation = { legal_notice: 'Your file is with us.' };
    const { forEverybody, forPerson } = speechOfCall(callContext('c1', { conversation }), NOW);
    expect(textsOf(forPerson)).toEqual(['Your file is with us.', expect.stringMatching(/^Hello/)]);
    expect(textsOf(forEverybody)).toContain('I am sorry, I have a technical problem.');
  });
});

describe('speech that is prepared while phones ring', () => {
  it('is rendered once, however many phones of the campaign ring, and heard without synthesis', async () => {
    const clock = createRealClock();
    const service = new ScriptedTts({ clock, ttfbMs: 50, msPerCharacter: 1 });
    const tts = new CachedTts({ tts: service, clock, log });
    const prepared = new PreparedSpeech({ tts, clock, wallNow: Date.now, log });
    const contexts = ['c1', 'c2', 'c3'].map((id) => callContext(id, OF_CAMPAIGN));
    for (const context of contexts) prepared.prepare(context);
    await eventually(() => prepared.isIdle, 'the lines are prepared');
    const rendered = service.spoken.length;
    expect(new Set(service.spoken.map(({ text }) => text)).size).toBe(rendered);
    const staged = await stageWorker({
      contexts,
      providersFor: () => ({ ...scriptedProviders(), tts }),
      prepare: (context) => prepared.prepare(context),
    });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 0, 'the greeting is heard');
    expect(service.spoken).toHaveLength(rendered);
    expect(tts.statistics()).toMatchObject({ hits: 1, misses: 0 });
    phone.socket.close();
    await staged.worker.close();
  });

  it('is that of all others too where one tenant has a voice that nobody knows', async () => {
    const clock = new VirtualClock();
    const asked = new Map<string, number>();
    const prepare = async (requests: readonly TtsRequest[]) => {
      const voice = requests[0]?.voice ?? '';
      if (requests.length > 0) asked.set(voice, (asked.get(voice) ?? 0) + 1);
      return { failed: voice === 'nobody' ? requests.length : 0 };
    };
    const prepared = new PreparedSpeech({ tts: { prepare }, clock, wallNow: () => NOW.getTime(), log });
    const { initiate } = callContext('bad');
    const availables = initiate.lang.availables.map((entry) => ({ ...entry, voice: 'nobody' }));
    const bad = { ...OF_CAMPAIGN, initiate: { ...initiate, lang: { ...initiate.lang, availables } } };
    for (let call = 0; call < 20; call++) prepared.prepare(callContext(`bad ${call}`, bad));
    for (let call = 0; call < 20; call++) prepared.prepare(callContext(`good ${call}`, OF_CAMPAIGN));
    await eventually(() => prepared.isIdle, 'it has settled');
    prepared.prepare(callContext('after', OF_CAMPAIGN));
    await eventually(() => prepared.isIdle, 'it has settled again');
    expect(asked).toEqual(
      new Map([
        ['nobody', 4], // those that were under way at the time
        ['v', 21],
      ]),
    );
  });

  it('leaves a service that fails alone for five seconds', async () => {
    const clock = new VirtualClock();
    let asked = 0;
    const tts = { prepare: async (requests: readonly TtsRequest[]) => ((asked += 1), { failed: requests.length }) };
    const prepared = new PreparedSpeech({ tts, clock, wallNow: () => NOW.getTime(), log });
    const ring = async () => {
      prepared.prepare(callContext('c1', OF_CAMPAIGN));
      await eventually(() => prepared.isIdle, 'it has settled');
    };
    await ring();
    const first = asked;
    await ring();
    expect(asked).toBe(first);
    await clock.advanceTo(5_000);
    await ring();
    expect(asked).toBe(2 * first);
  });

  it('lies in its folder without a name of anybody, and a folder that cannot be used harms nobody', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'speech-'));
    const clock = createRealClock();
    const voice = () => new ScriptedTts({ clock, ttfbMs: 1, msPerCharacter: 1 });
    const tts = await openSpeechCache({ memoryMb: 8, dir: join(dir, 'new'), diskMb: 8 }, { tts: voice(), clock, log });
    const prepared = new PreparedSpeech({ tts, clock, wallNow: Date.now, log });
    const context = callContext('c1', { ...OF_CAMPAIGN, variables: { name: 'Adam' } });
    prepared.prepare(context);
    await eventually(() => prepared.isIdle, 'the lines are prepared');
    const { forEverybody } = speechOfCall(context, NOW);
    const files = await readdir(join(dir, 'new'));
    expect(files).toHaveLength(forEverybody.length);
    expect(files.every((name) => /^[0-9a-f]{64}\.pcm$/.test(name))).toBe(true);
    const without = await openSpeechCache({ memoryMb: 8, dir: '/dev/null/nowhere', diskMb: 8 }, { tts: voice(), clock, log });
    expect(await without.prepare(forEverybody, 'on-disk')).toEqual({ failed: 0 });
    await rm(dir, { recursive: true });
  });
});
