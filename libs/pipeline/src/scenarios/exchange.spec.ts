import { StagedCall } from '@carillon/testing';

describe('one exchange', () => {
  it('is heard, answered, and its latency adds up', async () => {
    const call = new StagedCall({ answers: ['Thank you very much.'] }).says('I am fine', 1_600, 800).start();
    await call.until(5_000);

    // Voice until 2400, noticed with the frame of 2480, over at 2900; first token at 3100, the fourth and last at 3145; audio at 3295.
    expect(call.observer.ledgers).toEqual([
      {
        replyMs: 895,
        vadLagMs: 80,
        endpointWaitMs: 420,
        sttWaitMs: 0,
        llmFirstTokenMs: 200,
        firstPhraseMs: 45,
        ttsFirstByteMs: 150,
        sendMs: 0,
      },
    ]);
    expect(call.observer.said.slice(1)).toMatchObject([
      { id: 2, persona: 'human', content: 'I am fine', startedAt: 1_600, endedAt: 2_400 },
      { id: 3, persona: 'assistant', content: 'Thank you very much.', startedAt: 3_295, endedAt: 4_495, interrupted: false },
    ]);
    expect(call.session.state.exchanges).toBe(1);
    expect(call.session.state.user.name).toBe('silent');
  });

  it('sends the model the system prompt, what was heard, and what was said', async () => {
    const call = new StagedCall({ plan: { history: [{ role: 'user', content: 'before' }] } }).says('I am fine', 1_600, 800).start();
    await call.until(3_000);
    expect(call.llm.requests[0]?.messages).toEqual([
      { role: 'system', content: 'Be brief. Collected so far (JSON): {}' },
      { role: 'user', content: 'before' },
      { role: 'assistant', content: 'Hello, this is Adam.' },
      { role: 'user', content: 'I am fine' },
    ]);
  });

  it('begins with the first clause, while the rest is still being written', async () => {
    const call = new StagedCall({ answers: ['Nice to hear that, and thank you. May I ask your name?'] });
    call.says('I am fine', 1_600, 800).start();
    await call.until(8_000);
    expect(call.tts.spoken.map(({ text }) => text).slice(1)).toEqual(['Nice to hear that,', 'and thank you.', 'May I ask your name?']);
    expect(call.tts.spoken[1]?.at).toBe(3_145);
    expect(call.session.stats.underruns).toBe(0);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Nice to hear that, and thank you. May I ask your name?');
  });

  it('waits less where the transcript ends like a sentence', async () => {
    const call = new StagedCall().says('I am fine.', 1_600, 800).start();
    await call.until(2_579);
    expect(call.llm.requests).toHaveLength(0);
    await call.until(2_580); // 2400 + 180
    expect(call.llm.requests).toHaveLength(1);
  });

  it('takes a stable interim transcript, without waiting for the final one', async () => {
    const call = new StagedCall().says({ text: 'I am fine', finalAfterMs: null }, 1_600, 800).start();
    await call.until(2_900);
    expect(call.llm.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: 'I am fine' });
  });

  it('waits for the final transcript where there is no interim one', async () => {
    const call = new StagedCall({ answers: ['Thank you very much.'] });
    call.says({ text: 'I am fine', interims: false, finalAfterMs: 560 }, 1_600, 800).start();
    await call.until(2_959);
    expect(call.llm.requests).toHaveLength(0);
    await call.until(4_000);
    expect(call.observer.ledgers).toMatchObject([{ replyMs: 955, endpointWaitMs: 420, sttWaitMs: 60 }]);
  });

  it('keeps the pauses of a person who thinks in one turn', async () => {
    const call = new StagedCall().says('I have seen', 1_600, 800).says('your letter', 2_720, 640).start();
    await call.until(4_000); // 3360 + 500
    expect(call.llm.requests.map((request) => request.messages.at(-1)?.content)).toEqual(['I have seen your letter']);
  });

  it('makes no turn of a noise', async () => {
    const call = new StagedCall().says('', 1_600, 800).start();
    await call.until(6_000);
    expect(call.llm.requests).toHaveLength(0);
    expect(call.session.state.user.name).toBe('silent');
  });

  it('speaks Chinese from the first clause on', async () => {
    const call = new StagedCall({ answers: ['好的没问题，请问您贵姓？'] }).says('你好', 1_600, 800).start();
    await call.until(6_000);
    expect(call.tts.spoken.slice(1).map(({ text }) => text)).toEqual(['好的没问题，', '请问您贵姓？']);
    expect(call.observer.transcript.at(-1)).toBe('assistant: 好的没问题，请问您贵姓？');
  });

  it('works at 24 kHz as at 16 kHz', async () => {
    const call = new StagedCall({ answers: ['Thank you very much.'], sampleRate: 24_000 }).says('I am fine', 1_600, 800).start();
    await call.until(5_000);
    expect(call.media.frames.every(({ samples }) => samples === 480)).toBe(true);
    expect(call.observer.transcript).toEqual(['assistant: Hello, this is Adam.', 'human: I am fine', 'assistant: Thank you very much.']);
    expect(call.observer.ledgers[0]?.replyMs).toBe(895);
  });
});
