import type { TtsProvider, TtsRequest } from '@carillon/pipeline';
import { ScriptedTts, type TtsFault, VirtualClock } from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { failingTts } from '../testing/failing-providers.js';
import { RecordingLog } from '../testing/recording-log.js';
import { HELLO, HeardSpeech } from '../testing/tts-contract.js';
import type { FailoverEvent } from './failover-event.js';
import { FailoverTts } from './failover-tts.js';

const log = new RecordingLog();

let clock: VirtualClock;
let events: FailoverEvent[];
let second: ScriptedTts;

beforeEach(() => {
  clock = new VirtualClock();
  events = [];
  second = new ScriptedTts({ clock, ttfbMs: 200 });
});

function failover(first: TtsProvider): FailoverTts {
  const providers = [
    { name: 'first', provider: first },
    { name: 'second', provider: second },
  ];
  return new FailoverTts({ providers, clock, log, observe: (event) => events.push(event) });
}

async function hear(tts: TtsProvider, change: Partial<TtsRequest> = {}): Promise<HeardSpeech> {
  const startedAt = clock.now();
  const heard = new HeardSpeech(() => clock.now() - startedAt);
  tts.speak({ ...HELLO, ...change }, heard);
  await clock.advance(10_000);
  return heard;
}

const answeredBy = () => events.flatMap((event) => (event.type === 'answered' ? [event.provider] : []));

describe('the faults of a voice, with a second one at hand', () => {
  // What the first voice does, how long it takes to its first audio, who is heard, and the silence before it.
  it.each<[string, TtsFault | null, number, string, number]>([
    ['nothing wrong', null, 150, 'first', 150],
    ['a delay', null, 1_400, 'first', 1_400],
    ['too long a delay', null, 1_600, 'second', 1_700],
    ['a stall', 'hangs', 150, 'second', 1_700],
    ['a refusal', 'fails', 150, 'second', 350],
    ['no audio at all', 'empty', 150, 'second', 350],
  ])('%s', async (_, fault, ttfbMs, provider, firstAt) => {
    const heard = await hear(failover(new ScriptedTts({ clock, ttfbMs, faults: [fault] })));
    expect(heard).toMatchObject({ told: ['audio', 'done'], firstAt, samples: 6 * 60 * 16 });
    expect(answeredBy()).toEqual([provider]);
    expect(clock.pending).toBe(0);
  });

  it('a socket that closes in the middle: nobody hears the beginning twice', async () => {
    const heard = await hear(failover(new ScriptedTts({ clock, faults: ['breaks-off'] })));
    expect(heard.told).toEqual(['audio', 'failed']);
    expect(second.spoken).toEqual([]);
  });

  it('words of a first voice that then gives no sound are not those of the second', async () => {
    const first: TtsProvider = {
      speak(_, listener) {
        listener.words?.([{ offset: 0, length: 6, beginMs: 0, endMs: 9_000 }]);
        const timer = clock.setTimer(clock.now() + 100, () => listener.failed(new ProviderError('tts_refused')));
        return { cancel: () => timer.cancel() };
      },
      close: () => undefined,
    };
    second = new ScriptedTts({ clock, wordMs: () => 300 });
    expect((await hear(failover(first))).marks).toEqual([{ offset: 0, length: 6, beginMs: 0, endMs: 300 }]);
  });

  it('too many requests: the next utterances go to the second at once', async () => {
    const first = failingTts(clock, new ProviderError('tts_throttled', '', { retryAfterMs: 60_000 }));
    const tts = failover(first);
    expect((await hear(tts)).firstAt).toBe(220);
    expect((await hear(tts)).firstAt).toBe(200);
    expect(first.asked).toBe(1);
  });

  it('both down: told at once by the last one, and later by the circuits', async () => {
    second = new ScriptedTts({ clock, ttfbMs: 200, faults: Array.from({ length: 9 }, () => 'fails' as const) });
    const tts = failover(failingTts(clock, new ProviderError('tts_refused')));
    const heard = await Promise.all(Array.from({ length: 5 }, () => hear(tts)));
    expect(heard.map(({ told }) => told)).toEqual(Array.from({ length: 5 }, () => ['failed']));
    await hear(failover(failingTts(clock, new ProviderError('tts_refused'))));
    expect(tts.circuits().map(({ state }) => state)).not.toContain('closed');
  });

  it('a voice that throws is like one that refuses', async () => {
    const broken: TtsProvider = {
      speak: () => {
        throw new Error('broken');
      },
      close: () => undefined,
    };
    expect((await hear(failover(broken))).firstAt).toBe(200);
  });

  it('silence for a text that is only marks is no fault', async () => {
    const heard = await hear(failover(new ScriptedTts({ clock, faults: ['empty'] })), { text: '…' });
    expect(heard.told).toEqual(['done']);
    expect(second.spoken).toEqual([]);
  });

  it('a voice that nobody has, or that does not know the language, is asked of both and charged to none: all other voices speak as before', async () => {
    const [first, other] = [failingTts(clock, new ProviderError('tts_rejected')), failingTts(clock, new ProviderError('tts_rejected'))];
    const tts = new FailoverTts({ providers: [first, other].map((provider, at) => ({ name: String(at), provider })), clock, log });
    const heard = await Promise.all(Array.from({ length: 9 }, () => hear(tts)));
    expect(heard.flatMap(({ errors }) => errors.map((error) => (error as ProviderError).code))).toEqual(Array(9).fill('tts_rejected'));
    const mute = failover(new ScriptedTts({ clock, faults: Array.from({ length: 9 }, () => 'empty' as const) }));
    await Promise.all(Array.from({ length: 9 }, () => hear(mute)));
    expect([first.asked, other.asked]).toEqual([9, 9]);
    expect([...tts.circuits(), ...mute.circuits()].map(({ state }) => state)).toEqual(Array(4).fill('closed'));
  });

  it('a voice that gives no sound of anything, while the second one speaks it all, is left for a while', async () => {
    const first = new ScriptedTts({ clock, faults: Array.from({ length: 30 }, () => 'empty' as const) });
    const tts = failover(first);
    const heard = await Promise.all(Array.from({ length: 20 }, () => hear(tts)));
    heard.push(await hear(tts));
    expect(heard.map(({ told }) => told.at(-1))).toEqual(Array(21).fill('done'));
    expect([tts.circuits()[0], first.spoken.length]).toEqual([{ provider: 'first', state: 'half-open' }, 21]); // the last one was its trial
    expect(events.find((event) => event.type === 'circuit')).toMatchObject({ provider: 'first', state: 'open', openForMs: 5_000 });
  });

  it('a voice that one tenant has at the second one only charges nobody, while the first one speaks for others', async () => {
    const fault = (index: number) => (index === 0 ? null : ('empty' as const));
    const tts = failover(new ScriptedTts({ clock, faults: Array.from({ length: 40 }, (_, index) => fault(index)) }));
    await Promise.all(Array.from({ length: 40 }, () => hear(tts)));
    expect(tts.circuits().map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('a custom voice that fails, or is slow, tells nothing of the service: all other voices speak as before', async () => {
    const faults = Array.from({ length: 9 }, () => 'fails' as const);
    const first = new ScriptedTts({ clock, ttfbMs: 1_400, faults });
    second = new ScriptedTts({ clock, faults });
    const tts = failover(first);
    await Promise.all(Array.from({ length: 18 }, () => hear(tts, { customVoice: 'of-one-tenant' })));
    expect(first.spoken).toHaveLength(18);
    expect(tts.circuits().map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('a custom voice that speaks is no proof that the others do', async () => {
    const tts = failover(new ScriptedTts({ clock, faults: Array.from({ length: 5 }, () => 'fails' as const) }));
    await Promise.all(Array.from({ length: 5 }, () => hear(tts)));
    expect((await hear(tts, { customVoice: 'of-one-tenant' })).told).toEqual(['audio', 'done']);
    expect(tts.circuits()[0]?.state).toBe('half-open');
    await hear(tts);
    expect(tts.circuits()[0]?.state).toBe('closed');
  });

  it('a single slow voice gets twice the time, for there is nobody else', async () => {
    const slow = new ScriptedTts({ clock, ttfbMs: 2_500 });
    const tts = new FailoverTts({ providers: [{ name: 'only', provider: slow }], clock, log });
    expect((await hear(tts)).firstAt).toBe(2_500);
    for (let time = 0; time < 10; time++) await hear(tts);
    expect(tts.circuits()).toEqual([{ provider: 'only', state: 'closed' }]);
  });
});

it('connections are warmed where the next utterance will go, and all are closed', async () => {
  const warmed: string[] = [];
  const closed: string[] = [];
  const named = (name: string, tts: TtsProvider): TtsProvider => ({
    speak: (request, listener) => tts.speak(request, listener),
    warm: (sampleRate) => void warmed.push(`${name} ${sampleRate}`),
    close: () => void closed.push(name),
  });
  second = named('second', second) as ScriptedTts;
  const tts = failover(named('first', failingTts(clock, new ProviderError('tts_throttled', '', { retryAfterMs: 60_000 }))));
  tts.warm(16_000);
  await hear(tts);
  tts.warm(24_000);
  tts.close();
  expect(warmed).toEqual(['first 16000', 'second 24000']);
  expect(closed).toEqual(['first', 'second']);
});
