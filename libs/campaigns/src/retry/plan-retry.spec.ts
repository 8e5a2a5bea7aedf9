import { DEFAULT_CAMPAIGN_SETTINGS, DISPOSITIONS, type RetrySettings } from '@carillon/contracts';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { planRetry } from './plan-retry.js';
import { retrySettingsOf } from './retry-rules.js';
import type { Attempt, RetryQuestion } from './retry-question.js';

const PARIS = 'Europe/Paris';
const settings = DEFAULT_CAMPAIGN_SETTINGS.retry;
const withRules = (changes: Partial<RetrySettings>): RetrySettings => ({ ...settings, ...changes });
/** Monday 2 to Sunday 8 March 2026, on the clock of Paris (UTC+1). */
const paris = (time: string) => DateTime.fromISO(time, { zone: PARIS }).toJSDate();

/** A window of every day from one hour to another in Paris. */
const daily = (fromHour: number, toHour: number, weekdays = [1, 2, 3, 4, 5, 6, 7]) => {
  return (at: Date): Date | null => {
    let local = DateTime.fromJSDate(at, { zone: PARIS });
    for (let day = 0; day < 10; day++) {
      const opens = local.startOf('day').set({ hour: fromHour });
      const closes = local.startOf('day').plus({ hours: toHour });
      if (weekdays.includes(local.weekday) && local < closes) return (local < opens ? opens : local).toJSDate();
      local = local.startOf('day').plus({ days: 1 });
    }
    return null;
  };
};

const call = (time: string, disposition: Attempt['disposition'], callback = false): Attempt => ({ at: paris(time), disposition, callback });
const plan = (attempts: Attempt[], changes: Partial<RetryQuestion> = {}) =>
  planRetry({
    attempts,
    settings,
    optedOut: false,
    callbackAt: null,
    timeZones: [PARIS],
    now: attempts.at(-1)?.at ?? paris('2026-03-02T10:00'),
    endsAt: null,
    nextAllowed: daily(8, 21),
    random: () => 0,
    ...changes,
  });
const retryAt = (time: string) => ({ kind: 'retry', nextAt: paris(time), reason: 'rule' });
const callbackAt = (time: string) => ({ kind: 'callback', nextAt: paris(time), reason: 'promised' });
const final = (reason: string) => ({ kind: 'final', reason });

describe('after each outcome', () => {
  it.each([
    ['busy', '2026-03-02T10:15'],
    ['network_failure', '2026-03-02T10:05'],
    ['no_evidence', '2026-03-02T14:00'],
    ['rejected', '2026-03-03T10:00'],
  ] as const)('%s is called again after its delay', (disposition, time) => {
    expect(plan([call('2026-03-02T10:00', disposition)])).toEqual(retryAt(time));
  });

  it.each(['invalid_number', 'configuration_error', 'cancelled', 'blocked'] as const)('%s is never called again', (disposition) => {
    expect(plan([call('2026-03-02T10:00', disposition)])).toEqual(final('not_retried'));
  });

  it.each(['completed', 'callee_hung_up', 'transferred'] as const)('%s was a conversation, and that was it', (disposition) => {
    expect(plan([call('2026-03-02T10:00', disposition)])).toEqual(final('conversation'));
  });

  it('A campaign may call again who hung up early', () => {
    const again = withRules({ stop_after_conversation: false, rules: { callee_hung_up: { attempts: 1, delays_minutes: [60] } } });
    expect(plan([call('2026-03-02T10:00', 'callee_hung_up')], { settings: again })).toEqual(retryAt('2026-03-02T11:00'));
    expect(plan([call('2026-03-02T10:00', 'completed')], { settings: again })).toEqual(final('not_retried'));
  });

  it('Rules of the campaign replace those of the engine', () => {
    const own = withRules({ rules: { busy: { attempts: 1, delays_minutes: [3] }, no_answer: { attempts: 0, delays_minutes: [] } } });
    expect(plan([call('2026-03-02T10:00', 'busy')], { settings: own })).toEqual(retryAt('2026-03-02T10:03'));
    expect(plan([call('2026-03-02T10:00', 'no_answer')], { settings: own })).toEqual(final('not_retried'));
  });

  it('A machine that answered in the evening is called again in another part of the day, twice', () => {
    const calls = [call('2026-03-02T18:00', 'voicemail'), call('2026-03-04T08:00', 'voicemail')];
    expect(plan(calls.slice(0, 1))).toEqual(retryAt('2026-03-04T08:00'));
    expect(plan(calls)).toMatchObject({ kind: 'retry' });
    expect(plan([...calls, call('2026-03-05T12:00', 'voicemail')], { settings: withRules({ max_attempts: 10 }) })).toEqual(
      final('rule_exhausted'),
    );
  });

  it('A message that was left is not followed by another call, unless the campaign has a rule for it', () => {
    const calls = [call('2026-03-02T10:00', 'message_left')];
    const again = withRules({ rules: { message_left: { attempts: 1, delays_minutes: [2_880] } }, spread_day_parts: false });
    expect(plan(calls)).toEqual(final('not_retried'));
    expect(plan(calls, { settings: again })).toEqual(retryAt('2026-03-04T10:00'));
  });

  it('A campaign that hangs up on machines for good does not call again after one', () => {
    const calls = [call('2026-03-02T10:00', 'voicemail')];
    const onMachine = (on_machine: 'hang_up' | 'retry_later', retry = settings) =>
      plan(calls, { settings: retrySettingsOf({ retry, answering_machine: { on_machine, message: null } }) });
    expect(onMachine('hang_up')).toEqual(final('not_retried'));
    expect(onMachine('retry_later')).toMatchObject({ kind: 'retry' });
    const own = withRules({ rules: { voicemail: { attempts: 1, delays_minutes: [60] } }, spread_day_parts: false });
    expect(onMachine('hang_up', own)).toEqual(retryAt('2026-03-02T11:00'));
  });

  it('Who wants no more calls gets none, whatever was promised', () => {
    const asked = { optedOut: true, callbackAt: paris('2026-03-02T12:00') };
    expect(plan([call('2026-03-02T10:00', 'completed')], asked)).toEqual(final('opted_out'));
  });
});

describe('how often', () => {
  it('A busy line is tried after 15 minutes, after an hour, and then no more', () => {
    const often = withRules({ max_attempts: 10 });
    const calls = [call('2026-03-02T10:00', 'busy'), call('2026-03-02T10:15', 'busy'), call('2026-03-02T11:15', 'busy')];
    expect(plan(calls.slice(0, 2), { settings: often })).toEqual(retryAt('2026-03-02T11:15'));
    expect(plan(calls, { settings: often })).toEqual(final('rule_exhausted'));
  });

  it('The last delay repeats', () => {
    const often = withRules({ max_attempts: 10, rules: { busy: { attempts: 5, delays_minutes: [10, 20] } } });
    const calls = ['10:00', '10:10', '10:30', '10:50'].map((time) => call(`2026-03-02T${time}`, 'busy'));
    expect(plan(calls, { settings: often })).toEqual(retryAt('2026-03-02T11:10'));
  });

  it('Three calls are all that a contact gets, whatever came of each', () => {
    const calls = [call('2026-03-02T10:00', 'busy'), call('2026-03-02T10:15', 'no_answer'), call('2026-03-02T17:00', 'network_failure')];
    expect(plan(calls)).toEqual(final('max_attempts'));
  });
});

describe('at what time of the day', () => {
  it('Not reached in the morning: tried in the afternoon, then in the evening', () => {
    const morning = call('2026-03-02T10:00', 'no_answer');
    expect(plan([morning])).toEqual(retryAt('2026-03-02T12:00'));
    expect(plan([morning, call('2026-03-02T12:00', 'no_answer')])).toEqual(retryAt('2026-03-03T17:00'));
  });

  it('A machine answered in the evening: tomorrow morning is too early, so the afternoon after', () => {
    expect(plan([call('2026-03-02T18:00', 'no_conversation')])).toEqual(retryAt('2026-03-04T08:00'));
  });

  it('Without spreading only the delay counts', () => {
    const calls = [call('2026-03-02T10:00', 'no_answer'), call('2026-03-02T12:00', 'no_answer')];
    expect(plan(calls, { settings: withRules({ spread_day_parts: false }) })).toEqual(retryAt('2026-03-03T12:00'));
  });

  it('An unknown zone has no mornings', () => {
    expect(plan([call('2026-03-02T18:00', 'no_conversation')], { timeZones: [] })).toEqual(retryAt('2026-03-03T18:00'));
  });

  it('An untried part that the window never opens is not waited for', () => {
    const calls = [call('2026-03-02T10:00', 'no_answer'), call('2026-03-02T12:00', 'no_answer')];
    expect(plan(calls, { nextAllowed: daily(9, 17) })).toEqual(retryAt('2026-03-03T12:00'));
  });

  it('A weekend is too long to wait for another part of the day', () => {
    const thursdayEvening = [call('2026-03-05T18:00', 'no_conversation')];
    expect(plan(thursdayEvening, { nextAllowed: daily(8, 21, [1, 2, 3, 4, 5]) })).toEqual(retryAt('2026-03-06T18:00'));
  });

  it('A retry that would fall in the night waits for the window', () => {
    expect(plan([call('2026-03-02T20:55', 'busy')])).toEqual(retryAt('2026-03-03T08:00'));
  });

  it('Calls that failed together are drawn apart, but not over the closing of the window', () => {
    const spread = { random: () => 0.5, settings: withRules({ spread_day_parts: false }) };
    expect(plan([call('2026-03-02T10:00', 'no_answer')], spread)).toEqual(retryAt('2026-03-02T12:06'));
    expect(plan([call('2026-03-02T18:57', 'no_answer')], spread)).toEqual(retryAt('2026-03-02T20:57'));
  });

  it('On the day that has 23 hours the evening still begins at five', () => {
    const calls = [call('2026-03-28T10:00', 'no_answer'), call('2026-03-28T13:00', 'no_answer')];
    expect(plan(calls)).toEqual(retryAt('2026-03-29T17:00'));
    expect(paris('2026-03-29T17:00').toISOString()).toBe('2026-03-29T15:00:00.000Z');
  });
});

describe('a promised callback', () => {
  const talked = call('2026-03-02T10:00', 'completed');

  it('comes at the time that was asked for', () => {
    expect(plan([talked], { callbackAt: paris('2026-03-04T15:30') })).toEqual(callbackAt('2026-03-04T15:30'));
  });

  it('is moved to the next allowed instant, never before the asked time', () => {
    expect(plan([talked], { callbackAt: paris('2026-03-03T06:00') })).toEqual(callbackAt('2026-03-03T08:00'));
    expect(plan([talked], { callbackAt: paris('2026-03-03T22:00') })).toEqual(callbackAt('2026-03-04T08:00'));
  });

  it('for a time that has passed comes as soon as it may', () => {
    expect(plan([talked], { callbackAt: paris('2026-03-02T09:00') })).toEqual(callbackAt('2026-03-02T10:00'));
  });

  it('goes one beyond the calls that the campaign allows, once', () => {
    const asked = { callbackAt: paris('2026-03-05T10:00') };
    const calls = [call('2026-03-02T10:00', 'no_answer'), call('2026-03-02T12:00', 'no_answer'), call('2026-03-03T17:00', 'completed')];
    expect(plan(calls, asked)).toEqual(callbackAt('2026-03-05T10:00'));
    expect(plan([...calls, call('2026-03-04T10:00', 'completed', true)], asked)).toEqual(final('conversation'));
  });

  it('that was missed is tried again by the rules', () => {
    expect(plan([talked, call('2026-03-03T15:00', 'no_answer', true)])).toEqual(retryAt('2026-03-03T17:00'));
  });

  it('cannot come after the campaign has ended', () => {
    const endsAt = paris('2026-03-03T20:00');
    expect(plan([talked], { callbackAt: paris('2026-03-04T10:00'), endsAt })).toEqual(final('campaign_ends'));
    expect(plan([call('2026-03-03T19:00', 'no_answer')], { endsAt })).toEqual(final('campaign_ends'));
    expect(plan([call('2026-03-02T10:00', 'no_answer')], { nextAllowed: () => null })).toEqual(final('no_window'));
  });
});

describe('whatever happens', () => {
  const anySettings = fc.record({
    max_attempts: fc.integer({ min: 1, max: 6 }),
    rules: fc.dictionary(
      fc.constantFrom(...DISPOSITIONS),
      fc.record({ attempts: fc.nat(5), delays_minutes: fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 3 }) }),
    ),
    spread_day_parts: fc.boolean(),
    stop_after_conversation: fc.boolean(),
  });
  const outcome = fc.record({
    disposition: fc.constantFrom(...DISPOSITIONS),
    callbackInHours: fc.option(fc.integer({ min: -5, max: 60 })),
  });
  const windows = fc
    .record({
      from: fc.integer({ min: 0, max: 22 }),
      length: fc.integer({ min: 1, max: 24 }),
      days: fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 }),
    })
    .map(({ from, length, days }) => daily(from, Math.min(24, from + length), days));

  it('a contact gets a bounded number of calls, each at an allowed instant, after its delay, and before the end', () => {
    fc.assert(
      fc.property(
        anySettings,
        fc.array(outcome, { minLength: 12, maxLength: 12 }),
        windows,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (retry, outcomes, nextAllowed, chance) => {
          const attempts: Attempt[] = [];
          const endsAt = paris('2026-04-20T00:00');
          let now = nextAllowed(paris('2026-03-02T10:00')) ?? endsAt;
          let callback = false;
          for (const { disposition, callbackInHours } of outcomes) {
            attempts.push({ at: now, disposition, callback });
            const asked = callbackInHours === null ? null : new Date(now.getTime() + callbackInHours * 3_600_000);
            const decided = plan(attempts, { settings: retry, callbackAt: asked, nextAllowed, endsAt, random: () => chance });
            if (decided.kind === 'final') break;
            expect(nextAllowed(decided.nextAt)).toEqual(decided.nextAt);
            expect(decided.nextAt.getTime()).toBeLessThan(endsAt.getTime());
            const earliest = decided.kind === 'retry' ? now.getTime() + 60_000 : Math.max(now.getTime(), asked?.getTime() ?? Infinity);
            expect(decided.nextAt.getTime()).toBeGreaterThanOrEqual(earliest);
            now = decided.nextAt;
            callback = decided.kind === 'callback';
          }
          expect(attempts.length).toBeLessThanOrEqual(retry.max_attempts + 1);
        },
      ),
      { numRuns: 200 },
    );
  });
});
