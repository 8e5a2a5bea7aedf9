import fc from 'fast-check';
import { CALL_FACTS, CALL_STATES, isOver, nextCallState, rankOf, type CallFact, type CallState } from './call-states.js';

const anyState = fc.constantFrom(...CALL_STATES);
const anyFact = fc.constantFrom(...CALL_FACTS);
/** What the carrier tells, at least once and in no order. */
const carrierFact = fc.constantFrom<CallFact>('placed', 'ringing', 'answered', 'ended');
const after = (state: CallState, facts: readonly CallFact[]) => facts.reduce(nextCallState, state);

describe('the life of a call', () => {
  it('runs from reserved to ended', () => {
    const life: CallState[] = [];
    let state: CallState = 'reserved';
    for (const fact of ['dialed', 'placed', 'answered', 'ended'] as const) life.push((state = nextCallState(state, fact)));
    expect(life).toEqual(['dialing', 'ringing', 'answered', 'ended']);
  });

  it('goes back to waiting only while nothing was sent', () => {
    expect(nextCallState('reserved', 'lease_expired')).toBe('released');
    expect(nextCallState('dialing', 'refused')).toBe('released');
  });

  it('is unknown when the dialer died with the request in its hands', () => {
    expect(nextCallState('dialing', 'lease_expired')).toBe('unknown');
    expect(nextCallState('dialing', 'unclear')).toBe('unknown');
  });

  it('stays unknown when the carrier refuses the repeated request: the first one may ring all the same', () => {
    expect(nextCallState('unknown', 'refused')).toBe('unknown');
  });

  it('is adopted from unknown when evidence comes', () => {
    expect(nextCallState('unknown', 'placed')).toBe('ringing');
    expect(nextCallState('unknown', 'answered')).toBe('answered');
    expect(nextCallState('unknown', 'ended')).toBe('ended');
  });

  it('is answered though the answer to createCall comes later', () => {
    expect(after('dialing', ['answered', 'placed', 'ringing'])).toBe('answered');
  });
});

describe('whatever happens in whatever order', () => {
  it('the rank of a call only grows', () => {
    fc.assert(fc.property(anyState, anyFact, (state, fact) => rankOf(nextCallState(state, fact)) >= rankOf(state)));
  });

  it('a call that is over stays as it is', () => {
    fc.assert(
      fc.property(anyState.filter(isOver), fc.array(anyFact), (state, facts) => {
        expect(after(state, facts)).toBe(state);
      }),
    );
  });

  it('no order of facts revives a call that ended on the way', () => {
    fc.assert(
      fc.property(anyState, fc.array(anyFact), fc.array(anyFact), (state, before, afterwards) => {
        const ended = after(after(state, before), ['ended']);
        expect(isOver(ended)).toBe(true);
        expect(after(ended, afterwards)).toBe(ended);
      }),
    );
  });

  it('the same fact twice is the same as once', () => {
    fc.assert(
      fc.property(anyState, anyFact, (state, fact) => {
        const once = nextCallState(state, fact);
        expect(nextCallState(once, fact)).toBe(once);
      }),
    );
  });

  it('the order and number of what the carrier tells of a sent call does not matter for where it ends up', () => {
    const story = fc
      .array(carrierFact, { minLength: 1 })
      .chain((facts) => fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts, ...facts], { minLength: facts.length * 2 })));
    fc.assert(
      fc.property(fc.constantFrom<CallState>('dialing', 'unknown'), story, (sent, [told, repeatedAndShuffled]) => {
        expect(after(sent, repeatedAndShuffled)).toBe(after(sent, told));
      }),
    );
  });
});
