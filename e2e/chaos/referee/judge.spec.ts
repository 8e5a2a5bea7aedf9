import type { CarrierCall } from './carrier-call.js';
import { judge } from './judge.js';
import type { ContactRow } from './lost-contacts.js';
import { localTime } from './outside-window.js';
import type { RefereeRow, RunFacts } from './run-facts.js';

const NOON = Date.parse('2026-03-02T17:00:00Z'); // in New York
const ANN = '+12125550101';
const BOB = '+12125550102';
const CID = '+12125550103';

let made = 0;

/** A call of contact `of`, `atS` to `toS` seconds after noon; answered after two seconds unless said otherwise. */
function call(of: string, phoneE164: string, atS: number, toS: number | null, more: Partial<CarrierCall> = {}): CarrierCall {
  const acceptedAt = NOON + atS * 1_000;
  return {
    ...{
      connectionId: `connection ${++made}`,
      phoneE164,
      callerE164: '+14155550100',
      operationContext: `call of ${of} ${made}`,
      repeatabilityId: `r${made}`,
    },
    ...{
      acceptedAt,
      ringingAt: acceptedAt + 500,
      answeredAt: acceptedAt + 2_000,
      endedAt: toS === null ? null : NOON + toS * 1_000,
      endedBy: 'callee',
    },
    ...more,
  };
}

const row = (phoneE164: string, more: Partial<RefereeRow> = {}): RefereeRow => ({
  ...{ campaignId: 'a', phoneE164, kind: 'callable', waived: null, mayBeMissing: false },
  ...more,
});
const contact = (id: string, phoneE164: string, more: Partial<ContactRow> = {}): ContactRow => ({
  ...{ id, campaignId: 'a', phoneE164, state: 'final', disposition: 'callee_hung_up', hasOpenCall: false },
  ...more,
});

/** A run without fault of three people, changed by the test. Who a call is of is in its name. */
function facts(more: Partial<RunFacts> = {}): RunFacts {
  const calls = more.calls ?? [call('ann', ANN, 0, 5), call('bob', BOB, 1, 6), call('cid', CID, 2, 7)];
  return {
    calls,
    rows: [row(ANN), row(BOB), row(CID)],
    contacts: [contact('ann', ANN), contact('bob', BOB), contact('cid', CID)],
    contactOfCall: new Map(
      calls.map(({ operationContext }) => [operationContext ?? '', { contact: operationContext?.split(' ')[2] ?? null }]),
    ),
    callsPerContact: 2,
    window: { from: '09:00', to: '20:00' },
    zoneOf: new Map([ANN, BOB, CID].map((phone) => [phone, 'America/New_York'])),
    personCap: { calls: 2, withinMs: 86_400_000 },
    limits: [{ name: 'the fleet', limit: 3, counts: () => true }],
    blacklist: new Map(),
    unaccounted: 0,
    settled: true,
    ...more,
  };
}

const found = (more: Partial<RunFacts>) => judge(facts(more)).violations.map(({ rule, evidence }) => `${rule}: ${evidence}`);

test('a run in which everybody is called once has no fault', () => {
  expect(judge(facts())).toEqual({ calls: 3, callable: 3, reached: 3, blocked: { window: 0, cap: 0, blacklist: 0 }, violations: [] });
});

test('who was busy may be called again, and counts as reached once they answer', () => {
  const calls = [call('ann', ANN, 0, 1, { answeredAt: null }), call('ann', ANN, 61, 66), call('bob', BOB, 0, 1, { answeredAt: null })];
  expect(judge(facts({ calls }))).toMatchObject({ reached: 1, violations: [] });
});

describe('a double dial is', () => {
  test('a call to somebody who is in another one, for whatever contact', () => {
    expect(found({ calls: [call('ann', ANN, 0, 5), call('bob', ANN, 4.9, 9)] })).toEqual([
      expect.stringMatching(/^double_dials: .*was open/),
    ]);
    expect(found({ calls: [call('ann', ANN, 0, 5), call('bob', ANN, 5, 9)] })).toEqual([]);
  });

  test('a call while an earlier one never ended, also when another ended in between', () => {
    const calls = [
      call('ann', ANN, 0, null, { answeredAt: null }),
      call('bob', ANN, 10, 12, { answeredAt: null }),
      call('cid', ANN, 20, 25),
    ];
    expect(found({ calls, personCap: null }).filter((each) => each.startsWith('double_dials'))).toHaveLength(2);
  });

  test('a second call under one id of ours', () => {
    const first = call('ann', ANN, 0, 5, { answeredAt: null });
    const second = { ...call('ann', ANN, 30, 35), operationContext: first.operationContext };
    expect(found({ calls: [first, second] })).toEqual([expect.stringMatching(/second call under the same id/)]);
  });

  test('one call more than the contact has attempts', () => {
    const calls = [0, 60, 120].map((atS) => call('ann', ANN, atS, atS + 1, { answeredAt: null }));
    expect(found({ calls, personCap: null })).toEqual([expect.stringMatching(/^double_dials: .*call 3 of contact ann, which may get 2/)]);
  });

  test('a second try after somebody has answered', () => {
    expect(found({ calls: [call('ann', ANN, 0, 5), call('ann', ANN, 60, 65)] })).toEqual([
      expect.stringMatching(/^double_dials: .*had answered/),
    ]);
  });

  test('a call that our books do not know', () => {
    expect(found({ calls: [call('ann', ANN, 0, 5)], contactOfCall: new Map() })).toEqual([
      expect.stringMatching(/^double_dials: .*do not know/),
    ]);
  });

  test('counted once, whatever is wrong with it', () => {
    const first = call('ann', ANN, 0, null);
    expect(found({ calls: [first, { ...call('ann', ANN, 1, 5), operationContext: first.operationContext }] })).toHaveLength(1);
  });
});

describe('a call outside the window is', () => {
  test('one at night by the clock of the person, not by ours', () => {
    const zoneOf = new Map([
      [ANN, 'America/New_York'],
      [BOB, 'Asia/Tokyo'],
    ]);
    expect(found({ calls: [call('ann', ANN, 0, 5), call('bob', BOB, 0, 5)], zoneOf })).toEqual([
      expect.stringMatching(/^outside_window: .*02:00 in Asia\/Tokyo/),
    ]);
  });

  test('one in the first minute that is shut, but not in the last that is open', () => {
    const eight = 8 * 3_600;
    expect(found({ calls: [call('ann', ANN, eight - 1, eight)] })).toEqual([]);
    expect(found({ calls: [call('ann', ANN, eight, eight + 5)] })).toEqual([expect.stringMatching(/^outside_window/)]);
  });

  test('one to somebody whose zone nobody knows', () => {
    expect(found({ calls: [call('ann', ANN, 0, 5)], zoneOf: new Map() })).toHaveLength(1);
  });

  test('read off clocks that jump in spring', () => {
    expect(localTime(Date.parse('2026-03-29T00:59:00Z'), 'Europe/London')).toBe('00:59');
    expect(localTime(Date.parse('2026-03-29T01:00:00Z'), 'Europe/London')).toBe('02:00');
  });
});

test('over the cap is each call beyond it within the stretch, over all contacts of the person', () => {
  const day = 86_400;
  const calls = [0, 100, 200, day].map((atS, index) => call(['ann', 'bob', 'cid', 'dan'][index] ?? '', ANN, atS, atS + 1));
  expect(found({ calls, window: null })).toEqual([expect.stringMatching(/^over_cap/), expect.stringMatching(/^over_cap/)]);
  expect(found({ calls: calls.filter((_, index) => index !== 1), window: null })).toEqual([]);
});

test('over the concurrency is each call that begins while all are taken, ringing ones included', () => {
  const phones = [ANN, BOB, CID];
  const overlapping = (ends: number[]) =>
    ends.map((toS, index) => call(`${index}`, phones[index] ?? ANN, index, toS, { answeredAt: null }));
  const two = [{ name: 'campaign a', limit: 2, counts: () => true }];
  expect(found({ calls: overlapping([5, 6, 7]), limits: two })).toEqual([expect.stringMatching(/^over_concurrency: campaign a: 3 calls/)]);
  expect(found({ calls: overlapping([2, 6, 7]), limits: two })).toEqual([]);
  expect(found({ calls: overlapping([5, 6, 7]), limits: [{ name: 'of nobody', limit: 0, counts: () => false }] })).toEqual([]);
});

test('who is on the blacklist may not be called any more, but a request that had left may arrive', () => {
  const blacklist = new Map([[ANN, NOON + 1_000]]);
  expect(found({ calls: [call('ann', ANN, 3, 9)], blacklist })).toEqual([]);
  expect(found({ calls: [call('ann', ANN, 30, 35)], blacklist })).toEqual([expect.stringMatching(/^blacklisted_dialed/)]);
  expect(found({ calls: [call('bob', BOB, 30, 35)], blacklist })).toEqual([]);
});

describe('lost is', () => {
  const lost = (contacts: ContactRow[], more: Partial<RunFacts> = {}) => found({ contacts, ...more });
  const others = [contact('bob', BOB), contact('cid', CID)];

  test('a row without a contact, unless the import left it out and said so', () => {
    expect(lost(others)).toEqual([expect.stringMatching(/is no contact/)]);
    expect(lost(others, { rows: [row(ANN, { mayBeMissing: true }), row(BOB), row(CID)] })).toEqual([]);
  });

  test('a contact too many, or one of nobody', () => {
    expect(lost([...others, contact('ann', ANN), contact('ann2', ANN)])).toEqual([expect.stringMatching(/more than one/)]);
    expect(lost([...others, contact('ann', ANN), contact('dan', '+12125550199')])).toEqual([expect.stringMatching(/never uploaded/)]);
  });

  test.each([
    ['in a call that is not there', { state: 'in_flight', disposition: null }, 'in no call'],
    ['final and in a call', { hasOpenCall: true }, 'in a call'],
    ['final without an outcome', { disposition: null }, 'without a disposition'],
    ['still reserved at the end', { state: 'reserved', disposition: null, hasOpenCall: true }, 'still reserved'],
    ['still waiting at the end', { state: 'waiting', disposition: null }, 'still waits'],
    ['in a state that nobody knows', { state: 'limbo' }, 'unknown state'],
  ])('a contact %s', (_what, state, words) => {
    expect(lost([...others, contact('ann', ANN, state)])).toEqual([expect.stringContaining(words)]);
  });

  test('nobody who still waits or talks when the time is over, nor who waits for a reason', () => {
    const waiting = { state: 'waiting', disposition: null };
    expect(lost([...others, contact('ann', ANN, waiting)], { settled: false })).toEqual([]);
    expect(
      lost([...others, contact('ann', ANN, { state: 'in_flight', disposition: null, hasOpenCall: true })], { settled: false }),
    ).toEqual([]);
    expect(lost([...others, contact('ann', ANN, waiting)], { rows: [row(ANN, { waived: 'cap' }), row(BOB), row(CID)] })).toEqual([]);
  });
});

test("the engine's own count must stay at zero all along", () => {
  expect(found({ unaccounted: 2 })).toEqual([expect.stringMatching(/^unaccounted/)]);
});

test('blocked are rows in whose name nobody was called, by what they were prepared for', () => {
  const rows = [
    row(ANN, { kind: 'window', waived: 'window' }),
    row(BOB, { kind: 'blacklist', waived: 'blacklist', mayBeMissing: true }),
    row(CID, { kind: 'cap', waived: 'cap' }),
  ];
  const contacts = [
    contact('ann', ANN, { state: 'waiting', disposition: null }),
    contact('cid', CID, { state: 'waiting', disposition: null }),
  ];
  const earlier = [call('earlier', CID, 0, 1), call('earlier too', CID, 5, 6)];
  expect(judge(facts({ rows, contacts, calls: earlier })).blocked).toEqual({ window: 1, cap: 1, blacklist: 1 });
});
