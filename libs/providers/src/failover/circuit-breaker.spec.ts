import { VirtualClock } from '@carillon/testing';
import { ProviderError } from '../provider-error.js';
import { CircuitBreaker, type CircuitState } from './circuit-breaker.js';

const down = new ProviderError('llm_unavailable');

let clock: VirtualClock;
let circuit: CircuitBreaker;
let changes: [CircuitState, number][];

beforeEach(() => {
  clock = new VirtualClock(1_000_000);
  changes = [];
  circuit = new CircuitBreaker(clock, {}, (state, openForMs) => changes.push([state, openForMs]));
});

function fail(count = 1, error: Error = down): void {
  for (let index = 0; index < count; index++) circuit.permit()?.failed(error);
}

/** Rejected here, answered elsewhere. */
function outdo(count: number): void {
  for (let index = 0; index < count; index++) {
    const permit = circuit.permit();
    permit?.failed(new ProviderError('tts_rejected'));
    permit?.outdone();
  }
}

async function answerAfter(ms: number): Promise<void> {
  const permit = circuit.permit();
  await clock.advance(ms);
  permit?.answered();
}

describe('the circuit of a provider', () => {
  it('opens at the fifth failure within ten seconds', async () => {
    fail(4);
    expect(circuit.state).toBe('closed');
    await clock.advance(11_000);
    fail(4);
    expect(circuit.state).toBe('closed');
    fail();
    expect(circuit.state).toBe('open');
    expect(circuit.permit()).toBeUndefined();
    expect(circuit.permit(true)).toBeUndefined();
  });

  it('stays closed while most requests are answered', async () => {
    for (let index = 0; index < 20; index++) await answerAfter(10);
    fail(10);
    expect(circuit.state).toBe('closed');
  });

  it('lets one request through after five seconds, and closes when it is answered', async () => {
    fail(5);
    await clock.advance(5_000);
    expect(circuit.state).toBe('half-open');
    const trial = circuit.permit();
    expect(circuit.permit()).toBeUndefined();
    trial?.answered();
    expect(circuit.state).toBe('closed');
    expect(changes).toEqual([
      ['open', 5_000],
      ['closed', 0],
    ]);
  });

  it('lets no herd follow the trial, though nobody else is left to ask', async () => {
    fail(5);
    await clock.advance(5_000);
    const trial = circuit.permit(true);
    expect([circuit.permit(true), circuit.permit()]).toEqual([undefined, undefined]);
    trial?.failed(down);
    expect(changes.at(-1)).toEqual(['open', 10_000]);
  });

  it('gives the trial to the next one when its request was cancelled', async () => {
    fail(5);
    await clock.advance(5_000);
    circuit.permit()?.dropped();
    expect(circuit.permit()).toBeDefined();
  });

  it('waits twice as long after each failed trial, up to a minute', async () => {
    fail(5);
    for (let trial = 0; trial < 5; trial++) {
      await clock.advance(60_000);
      fail();
    }
    expect(changes.map(([, openForMs]) => openForMs)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
  });

  it('leaves a service alone for as long as it asks, a minute at the most', async () => {
    fail(1, new ProviderError('llm_throttled', '', { retryAfterMs: 7_000 }));
    await clock.advance(6_999);
    expect(circuit.state).toBe('open');
    await clock.advance(1);
    expect(circuit.state).toBe('half-open');
    fail(1, new ProviderError('llm_throttled', '', { retryAfterMs: 3_600_000 }));
    expect(changes).toEqual([
      ['open', 7_000],
      ['open', 60_000],
    ]);
  });

  it('leaves a service that does not say for how long alone for a second, then for two', async () => {
    fail(1, new ProviderError('tts_throttled'));
    await clock.advance(1_000);
    fail(1, new ProviderError('tts_throttled'));
    expect(changes.map(([, openForMs]) => openForMs)).toEqual([1_000, 2_000]);
  });

  it('opens for slow answers too, but lets who has nobody else through', async () => {
    const permits = Array.from({ length: 5 }, () => circuit.permit());
    await clock.advance(2_001);
    for (const permit of permits) permit?.answered();
    expect(circuit.state).toBe('open');
    expect(circuit.permit()).toBeUndefined();
    expect(circuit.permit(true)).toBeDefined();
  });

  it('lets them through beside its trial too, as before it: to be half-open is no reason to refuse what an open circuit took', async () => {
    const permits = Array.from({ length: 5 }, () => circuit.permit());
    await clock.advance(2_001);
    for (const permit of permits) permit?.answered();
    await clock.advance(5_000);
    const trial = circuit.permit();
    expect([circuit.state, circuit.permit()]).toEqual(['half-open', undefined]);
    circuit.permit(true)?.answered();
    expect(circuit.state).toBe('half-open'); // only the trial decides
    trial?.answered();
    expect(circuit.state).toBe('closed');
  });

  it('blames nobody for what was cancelled, for our own limits and for our own end', () => {
    for (let index = 0; index < 20; index++) circuit.permit()?.dropped();
    fail(20, new ProviderError('tts_busy'));
    fail(20, new ProviderError('closed'));
    expect(circuit.state).toBe('closed');
  });

  it('blames nobody for a voice, a language or a request that no service could do anything with', async () => {
    for (const code of ['stt_rejected', 'tts_rejected', 'llm_rejected'] as const) fail(20, new ProviderError(code));
    expect([circuit.state, changes]).toEqual(['closed', []]);
    fail(5);
    await clock.advance(5_000);
    fail(1, new ProviderError('tts_rejected')); // no answer to whether it works again
    expect(circuit.state).toBe('half-open');
    await answerAfter(10);
    expect(circuit.state).toBe('closed');
  });

  it('opens where it calls everything wrong in itself and another provider answers it all, and stays so while its trials fare no better', async () => {
    outdo(19);
    expect(circuit.state).toBe('closed');
    outdo(1);
    expect(changes).toEqual([['open', 5_000]]);
    await clock.advance(5_000);
    outdo(20);
    await clock.advance(10_000);
    expect(circuit.state).toBe('half-open');
    await answerAfter(10);
    expect(changes).toEqual([
      ['open', 5_000],
      ['open', 10_000],
      ['closed', 0],
    ]);
  });

  it('stays closed where it answers a single one of them, and where nobody says that the request was right', async () => {
    await answerAfter(10);
    outdo(50);
    await clock.advance(11_000); // the answer is forgotten
    fail(50, new ProviderError('tts_rejected'));
    circuit.permit()?.dropped();
    for (const error of [down, new ProviderError('tts_busy')]) {
      const permit = circuit.permit();
      permit?.failed(error);
      permit?.outdone(); // charged as what it was
    }
    outdo(19);
    expect([circuit.state, changes]).toEqual(['closed', []]);
  });

  it('tells of a burst of 429s once, and again only when it stays open for half a second longer', async () => {
    const burst = Array.from({ length: 20 }, () => circuit.permit());
    for (const permit of burst) {
      permit?.failed(new ProviderError('llm_throttled', '', { retryAfterMs: 3_000 }));
      await clock.advance(30);
    }
    expect(changes).toEqual([
      ['open', 3_000],
      ['open', 3_000],
    ]);
    await clock.advance(2_900); // the last one counts all the same
    expect(circuit.state).toBe('open');
    await clock.advance(70);
    expect(circuit.state).toBe('half-open');
  });

  it('counts an answer that breaks off as a good and a bad one', () => {
    for (let index = 0; index < 5; index++) {
      const permit = circuit.permit();
      permit?.answered();
      permit?.failed(down);
    }
    expect(circuit.state).toBe('open');
  });

  it('takes the word of another process, and its all-clear', async () => {
    circuit.adopt(3_000);
    expect(circuit.state).toBe('open');
    circuit.adopt(0);
    expect(circuit.state).toBe('closed');
    circuit.adopt(3_000);
    await clock.advance(3_000);
    expect(circuit.state).toBe('half-open');
  });

  it('does not give up its own experience for the all-clear of another', () => {
    fail(5);
    circuit.adopt(0);
    expect(circuit.state).toBe('open');
  });
});

describe('a circuit that is open, where nobody else is left to ask', () => {
  it('lets a request through twice a second, and closes when one is answered', async () => {
    fail(5);
    expect([circuit.lastResort(), circuit.restMs]).toEqual([undefined, 500]);
    await clock.advance(500);
    circuit.lastResort()?.failed(down);
    expect([circuit.state, circuit.lastResort(), circuit.restMs]).toEqual(['open', undefined, 500]);
    await clock.advance(500);
    circuit.lastResort()?.answered();
    expect([circuit.state, circuit.restMs]).toEqual(['closed', 0]);
    expect(changes).toEqual([
      ['open', 5_000],
      ['closed', 0],
    ]);
  });

  it('lets nothing through as long as the service wants to be left alone', async () => {
    fail(1, new ProviderError('llm_throttled', '', { retryAfterMs: 3_000 }));
    await clock.advance(2_000);
    expect([circuit.lastResort(), circuit.restMs]).toEqual([undefined, 1_000]);
    await clock.advance(1_000);
    expect(circuit.restMs).toBe(0);
    expect(circuit.permit()).toBeDefined();
  });

  it('listens to a service that only says so then', async () => {
    fail(5);
    await clock.advance(500);
    circuit.lastResort()?.failed(new ProviderError('llm_throttled', '', { retryAfterMs: 9_000 }));
    await clock.advance(5_000);
    expect([circuit.state, circuit.lastResort(), circuit.restMs]).toEqual(['open', undefined, 4_000]);
  });

  it('does so too while another request is the trial', async () => {
    fail(5);
    await clock.advance(5_000);
    circuit.permit();
    expect(circuit.permit()).toBeUndefined();
    expect(circuit.lastResort()).toBeDefined();
    expect([circuit.lastResort(), circuit.restMs]).toEqual([undefined, 500]);
  });
});
