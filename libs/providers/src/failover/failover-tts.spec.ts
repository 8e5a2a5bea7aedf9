import type { TtsProvider } from '@carillon/pipeline';
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

async function hear(tts: TtsProvider, text = HELLO.text): Promise<HeardSpeech> {
  const startedAt = clock.now();
  const heard = new HeardSpeech(() => clock.now() - startedAt);
  tts.speak({ ...HELLO, text }, heard);
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
    const heard = await hear(failover(new ScriptedTts({ clock, faults: ['empty'] })), '…');
    expect(heard.told).toEqual(['done']);
    expect(second.spoken).toEqual([]);
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
    warm: () => void warmed.push(name),
    close: () => void closed.push(name),
  });
  second = named('second', second) as ScriptedTts;
  const tts = failover(named('first', failingTts(clock, new ProviderError('tts_throttled', '', { retryAfterMs: 60_000 }))));
  tts.warm();
  await hear(tts);
  tts.warm();
  tts.close();
  expect(warmed).toEqual(['first', 'second']);
  expect(closed).toEqual(['first', 'second']);
});
