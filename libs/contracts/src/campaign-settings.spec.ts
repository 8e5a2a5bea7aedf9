import { z } from 'zod';
import { campaignSettingsSchema, DEFAULT_CAMPAIGN_SETTINGS } from './campaign-settings.js';

const complaints = (settings: unknown) => {
  const parsed = campaignSettingsSchema.safeParse(settings);
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

it('A campaign that says nothing gets sensible settings', () => {
  expect(DEFAULT_CAMPAIGN_SETTINGS).toEqual({
    windows: null,
    holidays: [],
    retry: { max_attempts: 3, rules: {}, spread_day_parts: true, stop_after_conversation: true },
    pacing: { mode: 'progressive', epsilon: 0.01 },
    caller_numbers: null,
    calls_per_second: null,
    daily_cap: null,
    per_person: { max_per_day: null, max_per_week: null },
    weight: 1,
    budget: null,
    consent: null,
    purpose: 'marketing',
    conversation: {},
    answering_machine: { on_machine: 'retry_later', message: null },
    starts_at: null,
    ends_at: null,
  });
});

it('A part may be given, the rest of it is filled in', () => {
  const settings = campaignSettingsSchema.parse({
    windows: [{ days: ['mon', 'fri'], from: '09:00', to: '24:00' }],
    retry: { rules: { busy: { attempts: 1, delays_minutes: [5] }, no_answer: { attempts: 0 } } },
    pacing: { mode: 'overlap' },
    per_person: { max_per_week: 7 },
    budget: { amount: 50, currency: 'EUR', cost_per_minute: 0.02 },
  });
  expect(settings.retry.rules).toEqual({ busy: { attempts: 1, delays_minutes: [5] }, no_answer: { attempts: 0, delays_minutes: [] } });
  expect(settings.pacing.epsilon).toBe(0.01);
  expect(settings.per_person).toEqual({ max_per_day: null, max_per_week: 7 });
  expect(settings.budget).toEqual({ amount: 50, currency: 'EUR', cost_per_call: 0, cost_per_minute: 0.02 });
});

describe('what cannot be meant is refused in plain words', () => {
  it.each([
    [{ windows: [] }, 'windows: name a window, or use null for none of your own'],
    [
      { windows: [{ days: ['mon'], from: '21:00', to: '08:00' }] },
      'windows.0.to: must be after "from"; write a window over midnight as two',
    ],
    [{ windows: [{ days: ['Monday'], from: '09:00', to: '17:00' }] }, 'windows.0.days.0: use mon, tue, wed, thu, fri, sat, sun'],
    [{ windows: [{ days: ['mon'], from: '9:00', to: '17:00' }] }, 'windows.0.from: use HH:MM, such as 09:00'],
    [{ holidays: ['25.12.2026'] }, 'holidays.0: use a date such as 2026-12-25'],
    [{ holidays: ['2026-02-30'] }, 'holidays.0: use a date such as 2026-12-25'],
    [
      { retry: { rules: { busy: { attempts: 2 } } } },
      'retry.rules.busy.delays_minutes: say after how many minutes to call again, such as [120, 1440]',
    ],
    [
      { retry: { rules: { completed: { attempts: 1, delays_minutes: [60] } } } },
      'retry.rules: a rule for completed, callee_hung_up, transferred needs "stop_after_conversation": false',
    ],
    [{ caller_numbers: ['0151 234'] }, 'caller_numbers.0: write numbers in E.164, such as +14155550100'],
    [{ daily_cap: 0 }, 'daily_cap: must be at least 1; use null for no limit'],
    [{ budget: { amount: 10, currency: 'EURO', cost_per_call: 1 } }, 'budget.currency: use an ISO 4217 code such as EUR'],
    [
      { budget: { amount: 10, currency: 'EUR' } },
      'budget.cost_per_minute: a budget needs a cost: give cost_per_call, cost_per_minute or both',
    ],
    [
      { answering_machine: { on_machine: 'leave_message' } },
      'answering_machine.message: is needed with "leave_message": say what to leave',
    ],
    [{ starts_at: '2026-03-01' }, 'starts_at: use an instant with its offset, such as 2026-03-01T09:00:00+01:00'],
    [{ starts_at: '2026-03-02T00:00:00Z', ends_at: '2026-03-02T01:00:00+02:00' }, 'ends_at: must be after "starts_at"'],
  ])('%j', (settings, complaint) => {
    expect(complaints(settings)).toEqual([complaint]);
  });

  it('a retry of a number that does not exist', () => {
    const [complaint] = complaints({ retry: { rules: { invalid_number: { attempts: 1, delays_minutes: [60] } } } });
    expect(complaint).toContain('retry.rules: only these can be tried again: completed, callee_hung_up, no_conversation');
  });
});

it('The settings can be published as JSON schema', () => {
  expect(z.toJSONSchema(campaignSettingsSchema, { io: 'input' })).toMatchObject({ type: 'object' });
});
