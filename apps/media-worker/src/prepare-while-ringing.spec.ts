import { VirtualClock } from '@carillon/testing';
import { callContext } from './media-worker.spec-support.js';
import { prepareWhileRinging } from './prepare-while-ringing.js';

describe('what a call will say, while its phone rings', () => {
  const call = callContext('c1');

  function stage() {
    const clock = new VirtualClock();
    const renderedAt: number[] = [];
    let translated: () => void = () => undefined;
    const lines = { prepare: () => new Promise<void>((resolve) => (translated = resolve)) };
    const prepare = prepareWhileRinging({ lines, prepared: { prepare: () => void renderedAt.push(clock.now()) }, clock });
    return { clock, prepare, renderedAt, translated: () => translated() };
  }

  it('is rendered once, when it is translated', async () => {
    const { clock, prepare, renderedAt, translated } = stage();
    prepare(call, true);
    await clock.advance(2_000);
    translated();
    await clock.advance(10_000);
    expect([renderedAt, clock.pending]).toEqual([[2_000], 0]);
  });

  it('is rendered as it is after three seconds, and again when it is translated after all', async () => {
    const { clock, prepare, renderedAt, translated } = stage();
    prepare(call, true);
    await clock.advance(5_000);
    translated();
    await clock.advance(10_000);
    expect([renderedAt, clock.pending]).toEqual([[3_000, 5_000], 0]);
  });
});
