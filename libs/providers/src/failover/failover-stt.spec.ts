import type { SttListener, SttProvider, SttStream } from '@carillon/pipeline';
import { OutageStt, ScriptedStt, VirtualClock } from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { failingStt } from '../testing/failing-providers.js';
import { RecordingLog } from '../testing/recording-log.js';
import { HeardWords, QUIET, say, VOICE } from '../testing/stt-contract.js';
import type { FailoverEvent } from './failover-event.js';
import { FailoverStt, type FailoverSttOptions } from './failover-stt.js';

const log = new RecordingLog();
const options = { language: 'en-US', phrases: [] };

let clock: VirtualClock;
let heard: HeardWords;
let events: FailoverEvent[];
let second: ScriptedStt;

beforeEach(() => {
  clock = new VirtualClock();
  heard = new HeardWords();
  events = [];
  second = new ScriptedStt({ utterances: ['yes that is me'] });
});

function failover(first: SttProvider, more: Partial<FailoverSttOptions> = {}): FailoverStt {
  const providers = [
    { name: 'first', provider: first },
    { name: 'second', provider: second },
  ];
  return new FailoverStt({ providers, clock, log, observe: (event) => events.push(event), ...more });
}

describe('the faults of a recogniser, with a second one at hand', () => {
  it('a refusal at the start: the second one hears what was said meanwhile', async () => {
    const stream = failover(failingStt(clock, new ProviderError('stt_refused'), 300)).open(options, heard);
    for (let frame = 0; frame < 30; frame++) {
      await clock.advance(20);
      stream.push(VOICE);
    }
    say(stream, 0);
    expect(heard.finals).toEqual(['yes that is me']);
    expect(second.framesIn).toBe(60);
  });

  it('a socket that closes in the middle of an utterance: the second one hears it from its beginning', () => {
    const first = new ScriptedStt({ utterances: ['hello', 'yes that is'] });
    const stream = failover(first).open(options, heard);
    say(stream, 300);
    say(stream, 300, 0);
    expect(heard.interimText).toBe('yes that is');
    first.fail();
    say(stream, 100);
    expect(heard.finals).toEqual(['hello', 'yes that is me']);
    expect(heard.told.join()).not.toContain('failed');
  });

  it('what a final transcript covers is not said again', () => {
    const first = new ScriptedStt({ utterances: ['hello'], finalAfterMs: 600 });
    const stream = failover(first).open(options, heard);
    say(stream, 300, 600);
    first.fail();
    expect(second.framesIn).toBe(0);
    expect(heard.finals).toEqual(['hello']);
  });

  it('of a long utterance the second one hears the last four seconds', () => {
    const first = new ScriptedStt({ utterances: ['and so on'] });
    const stream = failover(first).open(options, heard);
    say(stream, 9_000, 0);
    first.fail();
    expect(second.framesIn).toBe(200);
  });

  it('too many requests: the next calls go to the second at once', async () => {
    const first = failingStt(clock, new ProviderError('stt_throttled', '', { retryAfterMs: 30_000 }));
    const stt = failover(first);
    stt.open(options, heard);
    await clock.advance(100);
    stt.open(options, heard);
    expect([first.asked, second.opened]).toEqual([1, 2]);
  });

  it('one that rejects every call, where the second one hears them, is left for a while; a language that neither knows charges nobody', async () => {
    second = new ScriptedStt({ utterances: Array.from({ length: 20 }, () => 'yes that is me') });
    const stt = failover(failingStt(clock, new ProviderError('stt_rejected')));
    const hearing = Array.from({ length: 20 }, () => stt.open(options, new HeardWords()));
    await clock.advance(100);
    expect(stt.circuits()[0]?.state).toBe('closed'); // the second one has said nothing yet
    for (const stream of hearing) say(stream, 500);
    expect(stt.circuits().map(({ state }) => state)).toEqual(['open', 'closed']);

    second = failingStt(clock, new ProviderError('stt_rejected')) as unknown as ScriptedStt;
    const neither = failover(failingStt(clock, new ProviderError('stt_rejected')));
    for (let call = 0; call < 50; call++) neither.open(options, new HeardWords());
    await clock.advance(100);
    expect(neither.circuits().map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('both down: said once, after which the call may ask again', async () => {
    second = failingStt(clock, new ProviderError('stt_refused')) as unknown as ScriptedStt;
    const stt = failover(failingStt(clock, new ProviderError('stt_deaf')));
    for (let call = 0; call < 5; call++) {
      stt.open(options, heard);
      await clock.advance(100);
    }
    expect(heard.told.length).toBe(5);
    const stream = stt.open(options, heard);
    expect(heard.told.length).toBe(5); // not before the caller has its handle
    await clock.advance(0);
    expect(heard.told.at(-1)).toBe('failed: Every provider that could serve this is failing');
    stream.close();
  });

  it('an outage of the only one: it is really asked again while its circuit is open, and new calls find it as soon as it is back', async () => {
    const inner = new ScriptedStt({ utterances: ['yes that is me'] });
    const away = new OutageStt(inner, { clock, from: 0, to: 2_000, error: new ProviderError('stt_refused') });
    const stt = new FailoverStt({ providers: [{ name: 'only', provider: away }], clock, log });
    for (let at = 0; at < 2_000; at += 100) {
      stt.open(options, new HeardWords());
      await clock.advance(100);
    }
    expect(stt.circuits()).toEqual([{ provider: 'only', state: 'open' }]);
    // five until it opened at 420, and then one in 500 ms
    expect(away.refusedAt).toEqual([0, 100, 200, 300, 400, 1_000, 1_500]);
    const stream = stt.open(options, heard);
    say(stream, 500);
    expect(heard.finals).toEqual(['yes that is me']);
    expect(stt.circuits()).toEqual([{ provider: 'only', state: 'closed' }]);
    stt.open(options, new HeardWords());
    expect(inner.opened).toBe(2);
  });

  it('one that a person spoke to in vain is charged for it', () => {
    const first = new ScriptedStt();
    const stt = failover(first);
    for (let call = 0; call < 5; call++) stt.open(options, heard).close('deaf');
    expect(stt.circuits()[0]).toEqual({ provider: 'first', state: 'open' });
    expect(events[0]).toEqual({ type: 'failed', kind: 'stt', provider: 'first', code: 'stt_deaf', cutOff: false });
    expect(first.foundDeaf).toBe(5);
  });

  it('a second fault later in the call: the first one gets another chance', () => {
    const first = new ScriptedStt({ utterances: ['one', 'three'] });
    second = new ScriptedStt({ utterances: ['two'] });
    const stream = failover(first).open(options, heard);
    say(stream, 300);
    first.fail();
    say(stream, 300);
    second.fail();
    say(stream, 300);
    expect(heard.finals).toEqual(['one', 'two', 'three']);
    expect(events.map(({ type, provider }) => `${type} ${provider}`)).toEqual([
      'answered first',
      'failed first',
      'answered second',
      'failed second',
      'answered first',
    ]);
  });

  it('a late word of the one that was left is not heard', () => {
    const kept: { listener?: SttListener } = {};
    const first: SttProvider = {
      finalP99Ms: 600,
      open(_, listener): SttStream {
        kept.listener = listener;
        return { push: () => undefined, close: () => undefined };
      },
    };
    failover(first).open(options, heard);
    kept.listener?.failed(new ProviderError('stt_refused'));
    kept.listener?.final('late', 1);
    kept.listener?.failed(new ProviderError('stt_refused'));
    expect(heard.told).toEqual([]);
    expect(second.opened).toBe(1);
  });

  it('one that throws when it is opened is like one that refuses', () => {
    const first: SttProvider = {
      finalP99Ms: 600,
      open: () => {
        throw new Error('broken');
      },
    };
    const stream = failover(first).open(options, heard);
    say(stream, 500);
    expect(heard.finals).toEqual(['yes that is me']);
  });

  it('a connection is opened ahead with the one that would be asked now', async () => {
    const warmed: string[] = [];
    const warm = (name: string) => ({ warm: (language: string) => void warmed.push(`${name} ${language}`) });
    const first = failingStt(clock, new ProviderError('stt_throttled', '', { retryAfterMs: 30_000 }));
    Object.assign(second, warm('second'));
    const stt = failover(Object.assign(first, warm('first')));
    stt.warm('en-US');
    stt.open(options, heard);
    await clock.advance(100);
    stt.warm('de-DE');
    expect(warmed).toEqual(['first en-US', 'second de-DE']);
  });

  it('silence is no delay: one that has had the stream for five seconds counts as sound, and the one before gets another chance', async () => {
    const first = new ScriptedStt();
    second = new ScriptedStt();
    const stream = failover(first).open(options, heard);
    stream.push(QUIET);
    first.fail();
    stream.push(QUIET);
    await clock.advance(5_000);
    stream.push(QUIET);
    second.fail();
    expect([first.opened, second.opened, heard.told]).toEqual([2, 1, []]);
  });

  it('one that took five seconds of audio at once has proven nothing by that', async () => {
    const first = new ScriptedStt();
    second = new ScriptedStt();
    const stream = failover(first).open(options, heard);
    say(stream, 4_000, 0);
    first.fail();
    say(stream, 1_000, 0);
    await clock.advance(4_999);
    say(stream, 1_000, 0);
    second.fail();
    expect([first.opened, second.opened, heard.errors.length]).toEqual([1, 1, 1]);
  });

  it('that the stream was taken is said once, whoever took it', () => {
    const first = new ScriptedStt();
    const stream = failover(first).open(options, heard);
    stream.push(QUIET);
    first.fail();
    stream.push(QUIET);
    expect([second.framesIn, heard.takenAfter]).toEqual([2, [0]]);
  });

  it('one that says of a voice that it was nothing is not charged when a person spoke in vain', () => {
    const first = new ScriptedStt();
    const stream = failover(first).open(options, heard);
    stream.push(VOICE);
    first.interim('');
    stream.close('deaf');
    expect(events.map(({ type }) => type)).toEqual(['answered']);
  });
});
