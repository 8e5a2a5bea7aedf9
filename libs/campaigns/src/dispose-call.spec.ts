import { DISPOSITIONS } from '@carillon/contracts';
import fc from 'fast-check';
import { disposeCall, type EndedCall } from './dispose-call.js';

const answered: EndedCall = {
  outcome: { disposition: null, endedBy: 'callee' },
  endedBy: 'callee',
  answeredAt: new Date(0),
  endedAt: new Date(60_000),
  mediaEpoch: 1,
  exchanges: 3,
  agentClosed: false,
};
const unanswered: EndedCall = { ...answered, answeredAt: null, exchanges: 0 };

describe('an answered call', () => {
  it('is completed when the agent had closed it, though the callee hung up first', () => {
    expect(disposeCall({ ...answered, agentClosed: true })).toBe('completed');
    expect(disposeCall({ ...answered, agentClosed: true, outcome: { disposition: null, endedBy: 'us' } })).toBe('completed');
  });

  it('was hung up by the callee in mid-conversation', () => {
    expect(disposeCall(answered)).toBe('callee_hung_up');
  });

  it('was abandoned when nobody was there to speak with the person for two seconds', () => {
    const kept = { ...answered, exchanges: 0, mediaEpoch: 0 };
    expect(disposeCall({ ...kept, endedAt: new Date(2_000) })).toBe('abandoned');
    expect(disposeCall({ ...kept, endedAt: new Date(1_999) })).toBe('no_conversation');
  });

  it('is no conversation when nobody spoke with us, whoever ended it', () => {
    expect(disposeCall({ ...answered, exchanges: 0 })).toBe('no_conversation');
    expect(disposeCall({ ...answered, exchanges: 0, agentClosed: true, outcome: { disposition: null, endedBy: 'us' } })).toBe(
      'no_conversation',
    );
  });

  it('is completed when it ran into the longest time a call may last', () => {
    expect(disposeCall({ ...answered, endedBy: 'time_limit', outcome: { disposition: null, endedBy: 'us' } })).toBe('completed');
    expect(disposeCall({ ...answered, endedBy: 'time_limit', outcome: null })).toBe('completed');
    expect(disposeCall({ ...answered, endedBy: 'carrier', outcome: { disposition: null, endedBy: 'carrier' } })).toBe('completed');
  });

  it('failed in the network when the carrier cut it off', () => {
    expect(disposeCall({ ...answered, outcome: { disposition: 'network_failure', endedBy: 'carrier' } })).toBe('network_failure');
    expect(disposeCall({ ...answered, outcome: null })).toBe('network_failure');
  });

  it('failed in the network when its line was lost and we hung up a person who heard nothing', () => {
    expect(disposeCall({ ...answered, endedBy: 'line_lost', outcome: { disposition: null, endedBy: 'us' } })).toBe('network_failure');
    expect(disposeCall({ ...answered, endedBy: 'line_lost', agentClosed: true, outcome: null })).toBe('completed');
  });

  it('was hung up by the callee, though we heard of it only when we had given up its line', () => {
    expect(disposeCall({ ...answered, endedBy: 'line_lost' })).toBe('callee_hung_up');
  });

  it.each([
    ['was lost', null],
    ['says something else', { disposition: 'network_failure', endedBy: 'carrier' }],
    ['says that the person left', { disposition: null, endedBy: 'callee' }],
  ] as const)('is a transfer when the carrier told that it was made, though the end of our leg %s', (_what, outcome) => {
    expect(disposeCall({ ...answered, endedBy: 'transferred', outcome })).toBe('transferred');
    expect(disposeCall({ ...unanswered, endedBy: 'transferred', outcome })).toBe('transferred');
  });

  it('is a transfer when it was handed on', () => {
    expect(disposeCall({ ...answered, agentClosed: true, outcome: { disposition: 'transferred', endedBy: 'us' } })).toBe('transferred');
  });
});

describe('a call that nobody answered', () => {
  it.each(['busy', 'declined', 'invalid_number', 'no_answer', 'blocked'] as const)('is %s when the carrier says so', (disposition) => {
    expect(disposeCall({ ...unanswered, outcome: { disposition, endedBy: 'callee' } })).toBe(disposition);
  });

  it('is no answer when we stopped the ringing, which the carrier calls cancelled', () => {
    expect(disposeCall({ ...unanswered, endedBy: 'ring_timeout', outcome: { disposition: 'cancelled', endedBy: 'us' } })).toBe('no_answer');
    expect(disposeCall({ ...unanswered, endedBy: 'ring_timeout', outcome: null })).toBe('no_answer');
  });

  it('is cancelled when we ended it for another reason, and failed in the network when nobody knows', () => {
    expect(disposeCall({ ...unanswered, outcome: { disposition: null, endedBy: 'us' } })).toBe('cancelled');
    expect(disposeCall({ ...unanswered, outcome: null })).toBe('network_failure');
  });
});

it('Every ended call has exactly one disposition of the list, and an unanswered one is never a conversation', () => {
  const outcome = fc.record({ disposition: fc.constantFrom(null, ...DISPOSITIONS), endedBy: fc.constantFrom('callee', 'us', 'carrier') });
  const call = fc.record({
    outcome: fc.option(outcome),
    endedBy: fc.option(fc.constantFrom('callee', 'agent', 'ring_timeout', 'carrier', 'time_limit', 'line_lost', 'transferred')),
    answeredAt: fc.option(fc.date()),
    exchanges: fc.nat(20),
    agentClosed: fc.boolean(),
  }) as fc.Arbitrary<EndedCall>;
  fc.assert(
    fc.property(call, (ended) => {
      expect(DISPOSITIONS).toContain(disposeCall(ended));
      if (ended.answeredAt !== null && ended.exchanges === 0) expect(['no_conversation', 'transferred']).toContain(disposeCall(ended));
    }),
  );
});
