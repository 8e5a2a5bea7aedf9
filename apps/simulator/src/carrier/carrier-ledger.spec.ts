import { CALL_RESULTS } from './call-result.js';
import { CarrierLedger } from './carrier-ledger.js';

const setUp = () => {
  let ms = 1_000;
  const ledger = new CarrierLedger(() => ms++);
  const accept = (connectionId: string, personId: string) =>
    ledger.accept({
      connectionId,
      personId,
      phoneE164: '+15551230001',
      callerE164: '+15550000001',
      operationContext: 'ours',
      repeatabilityId: 'r',
    });
  const end = (connectionId: string, personId: string) =>
    ledger.ended(connectionId, personId, { result: CALL_RESULTS.busy, endedBy: 'network' }, null);
  return { ledger, accept, end };
};

describe("the carrier's own ledger", () => {
  it('tells the story of a call', () => {
    const { ledger, accept } = setUp();
    accept('c1', 'ann');
    ledger.ringing('c1');
    ledger.answered('c1');
    ledger.ended('c1', 'ann', { result: CALL_RESULTS.endedByCallee, endedBy: 'callee' }, null);
    expect(ledger.snapshot()).toMatchObject({
      accepted: 1,
      answered: 1,
      ended: 1,
      open: 0,
      calls: [
        {
          connectionId: 'c1',
          personId: 'ann',
          acceptedAt: 1_000,
          ringingAt: 1_001,
          answeredAt: 1_002,
          endedAt: 1_003,
          endedBy: 'callee',
          result: { code: 200, subCode: 560_000 },
        },
      ],
    });
  });

  it('is written out call by call', () => {
    const { ledger, accept } = setUp();
    accept('c1', 'ann');
    accept('c2', 'bob');
    expect([...ledger.lines()].map((line) => JSON.parse(line) as object)).toEqual(ledger.snapshot().calls);
  });

  it('counts a second call to a person, apart from one while the first is open', () => {
    const { ledger, accept, end } = setUp();
    accept('c1', 'ann');
    accept('c2', 'bob');
    expect(ledger.doubleDials()).toEqual({ overlapping: 0, repeated: 0 });
    accept('c3', 'ann');
    expect(ledger.doubleDials()).toEqual({ overlapping: 1, repeated: 1 });
    end('c1', 'ann');
    end('c3', 'ann');
    accept('c4', 'ann');
    expect(ledger.doubleDials()).toEqual({ overlapping: 1, repeated: 2 });
  });

  it('knows how many calls were up at once', () => {
    const { ledger, accept, end } = setUp();
    accept('c1', 'ann');
    accept('c2', 'bob');
    end('c1', 'ann');
    accept('c3', 'cid');
    expect(ledger.counts()).toMatchObject({ peakConcurrent: 2, open: 2, accepted: 3 });
  });
});
