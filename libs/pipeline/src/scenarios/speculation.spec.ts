import type { Speculation } from '../index.js';
import { StagedCall } from '@carillon/testing';

const rules = (speculation: Speculation) => ({ plan: { rules: { speculation } } });
const outcomes = (call: StagedCall): string[] => call.observer.signs.flatMap((sign) => (sign.type === 'speculation' ? [sign.outcome] : []));

describe('the oracle table', () => {
  // The voice ends at 2400 and its transcript is there 100 ms later; first token 300 ms, first audio 300 ms, wait 500 ms.
  it.each<[Speculation, number, string]>([
    ['off', 1_100, '500 + 300 + 300'],
    ['model', 800, '500 + 300: the token came meanwhile'],
    ['voice', 700, '100 + 300 + 300: nothing is waited for'],
  ])('speculation %s: %d ms (%s)', async (speculation, replyMs) => {
    const call = new StagedCall({ ...rules(speculation), answers: ['Good.'], ttftMs: 300, tts: { ttfbMs: 300 } });
    call.says({ text: 'I am fine', interims: false, finalAfterMs: 100 }, 1_600, 800).start();
    await call.until(5_000);
    const { replyMs: measured, ...parts } = call.observer.ledgers[0] ?? { replyMs: 0 };
    expect(measured).toBe(replyMs);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(replyMs);
    expect(call.llm.requests).toHaveLength(1);
    expect(outcomes(call)).toEqual(speculation === 'off' ? [] : ['hit']);
  });

  // The floor of the reference providers: final 200 ms after the end, token 200 ms, audio 150 ms; the last word in an interim after 100 ms.
  it.each<[Speculation, number, string]>([
    ['off', 550, '200 + 200 + 150: the wait for a whole sentence is shorter than that for its transcript'],
    ['model', 470, '100 + 20 + 200 + 150'],
    ['voice', 470, 'the turn is over before the token comes: nothing more to gain'],
  ])('the floor with speculation %s: %d ms (%s)', async (speculation, replyMs) => {
    const call = new StagedCall({ ...rules(speculation), answers: ['Good.'] }).start();
    call.person.speaks(1_600, 800);
    await call.until(2_500);
    call.stt.interim('I am fine.');
    await call.until(2_600);
    call.stt.final('I am fine.');
    await call.until(5_000);
    expect(call.observer.ledgers[0]?.replyMs).toBe(replyMs);
  });
});

describe('an early answer', () => {
  it('is silent until the turn is over', async () => {
    const call = new StagedCall({ ...rules('voice'), answers: ['Good.'] }).says('I am fine', 1_600, 800).start();
    await call.until(2_899);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.', 'Good.']);
    expect(call.heardBetween(1_400, 2_900)).toEqual([]);
    await call.until(5_000);
    expect(call.observer.ledgers).toMatchObject([{ replyMs: 500, vadLagMs: 80, endpointWaitMs: 420, llmFirstTokenMs: 0 }]);
  });

  it('is void when the person goes on, and what it cost is counted', async () => {
    const call = new StagedCall({ ...rules('model'), answers: ['Which one?', 'The blue one.'] });
    call.says('I want', 1_600, 640).says('the blue one', 2_560, 640).start();
    await call.until(6_000);
    expect(outcomes(call)).toEqual(['miss', 'hit']);
    expect(call.observer.transcript.slice(1)).toEqual(['human: I want the blue one', 'assistant: The blue one.']);
    expect(call.tts.spoken.map(({ text }) => text)).not.toContain('Which one?');
    expect(call.session.state.speculation.wasted).toBe(1);
  });

  it('tells the tokens of all answers, and apart those of an early one that was written to its end in vain', async () => {
    const call = new StagedCall({ ...rules('model'), answers: ['Which one?', 'The blue one.'], ttftMs: 100 });
    call.says('I want', 1_600, 640).says('the blue one', 2_560, 640).start();
    await call.until(6_500);
    expect(outcomes(call)).toEqual(['miss', 'hit']);
    const told = call.observer.news.filter(({ type }) => type.startsWith('tokens'));
    expect(told).toMatchObject([
      { type: 'tokens', outputTokens: 2 },
      { type: 'tokens-wasted', outputTokens: 2 },
      { type: 'tokens', outputTokens: 3 },
    ]);
  });

  it('is void when the transcript becomes another one', async () => {
    const call = new StagedCall({ ...rules('model'), answers: ['For too?', 'For two, gladly.'] });
    call.says({ text: 'book for too', finalText: 'book for two', finalAfterMs: 400 }, 1_600, 800).start();
    await call.until(6_000);
    expect(outcomes(call)).toEqual(['miss', 'hit']);
    expect(call.observer.transcript.slice(1)).toEqual(['human: book for two', 'assistant: For two, gladly.']);
  });

  it('stands when the final transcript only writes digits for words', async () => {
    const call = new StagedCall({ ...rules('model'), answers: ['Noted.'] });
    call.says({ text: 'room one two please', finalText: 'Room 12, please.', finalAfterMs: 400 }, 1_600, 800).start();
    await call.until(6_000);
    expect(outcomes(call)).toEqual(['hit']);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript[1]).toBe('human: Room 12, please.');
  });

  it('runs no tool before the turn is over', async () => {
    const fields = [{ name: 'people', type: 'number' as const }];
    const calls = [{ name: 'updated_claim', arguments: { updates: [{ field: 'people', value: 2 }] } }];
    const call = new StagedCall({ ...rules('model'), fields, answers: [{ calls, ttftMs: 100 }, 'For two.'] });
    call.says({ text: 'for the two of us', finalAfterMs: 160 }, 1_600, 800).start();
    await call.until(2_899);
    expect(call.llm.requests).toHaveLength(1); // asked at 2480, its tool known at 2580
    expect(call.observer.claims).toEqual([]);
    await call.until(2_901);
    expect(call.observer.claims).toEqual([{ people: 2 }]);
  });

  it('that fails leaves nothing behind: the turn is answered as ever', async () => {
    const call = new StagedCall({ ...rules('model'), answers: [{ fails: 'at-once' }, 'Here I am.'] });
    call.says('I am fine', 1_600, 800).start();
    await call.until(6_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Here I am.');
  });

  it('that synthesis could not say is none: the turn is answered as ever', async () => {
    const tts = { ttfbMs: 50, faults: [null, 'fails', 'fails'] as const };
    const call = new StagedCall({ ...rules('voice'), answers: ['Good.', 'Here I am.'], ttftMs: 50, tts });
    call.says({ text: 'I am fine', interims: false, finalAfterMs: 100 }, 1_600, 800).start();
    await call.until(6_000);
    // asked early at 2500, given up at 2650; over at 2900, asked again, its three words there at 2980
    expect(outcomes(call)).toEqual(['miss']);
    expect(call.media.frames.find(({ at }) => at > 2_400)?.at).toBe(3_030);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Here I am.');
  });

  it('is not asked for any more once too many came to nothing', async () => {
    const call = new StagedCall({ plan: { rules: { speculation: 'model', maxWastedDrafts: 1 } } });
    call.says('I want', 1_600, 640).says('the blue', 2_560, 640).says('big one', 3_520, 640).start();
    await call.until(7_000);
    expect(outcomes(call)).toEqual(['miss']);
    expect(call.llm.requests).toHaveLength(2);
  });
});
