import { StagedCall } from '@carillon/testing';

describe('a late final transcript', () => {
  const late = (finalAfterMs: number) => ({ text: 'book for too', finalText: 'book for two', finalAfterMs });

  it('restarts the answer while nothing of it was heard', async () => {
    const call = new StagedCall({ answers: [{ text: 'For to?', ttftMs: 600 }, 'For two, gladly.'] }).says(late(900), 1_600, 800).start();
    await call.until(6_000);
    expect(call.llm.requests.map((request) => request.messages.at(-1)?.content)).toEqual(['book for too', 'book for two']);
    expect(call.observer.transcript.slice(1)).toEqual(['human: book for two', 'assistant: For two, gladly.']);
    // The whole wait shows: final at 3300, first token at 3500, counted from the commit at 2900.
    expect(call.observer.ledgers).toMatchObject([{ llmFirstTokenMs: 600 }]);
  });

  it('only mends the transcript once the answer is heard', async () => {
    const call = new StagedCall({ answers: ['Gladly, for two people.'] }).says(late(1_400), 1_600, 800).start();
    await call.until(6_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript.slice(1)).toEqual(['human: book for two', 'assistant: Gladly, for two people.']);
    expect(call.observer.revised).toEqual([]);
    expect(call.session.state.history[1]).toEqual({ role: 'user', content: 'book for two' });
  });

  it('revises a message that was reported already', async () => {
    const call = new StagedCall({ answers: ['Gladly.'] }).says(late(3_000), 1_600, 800).start();
    await call.until(8_000);
    expect(call.observer.transcript[1]).toBe('human: book for too');
    expect(call.observer.revised).toEqual([{ id: 2, content: 'book for two' }]);
  });

  it('that says the same changes nothing', async () => {
    const call = new StagedCall({ answers: [{ text: 'Gladly.', ttftMs: 600 }] });
    call.says({ text: 'book for two', finalText: 'Book for two.', finalAfterMs: 900 }, 1_600, 800).start();
    await call.until(6_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.transcript[1]).toBe('human: Book for two.');
  });

  it('that comes after all hope is answered at once, and the exchange counts', async () => {
    const call = new StagedCall().says({ text: 'hello there', interims: false, finalAfterMs: 1_000 }, 1_600, 800).start();
    await call.until(3_380);
    expect(call.llm.requests).toHaveLength(0);
    await call.until(3_400);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.session.state.exchanges).toBe(1);
  });

  it('that holds the next words, too, is parted between the turns', async () => {
    const call = new StagedCall({ answers: ['I would like to ask you three questions about your house.', 'Yes.'] });
    call.says({ text: 'I am fine', finalAfterMs: null }, 1_600, 800).start();
    call.person.speaks(4_160, 960);
    await call.until(4_900);
    call.stt.final('I am fine but please wait');
    await call.until(7_000);
    expect(call.llm.requests.at(-1)?.messages.filter(({ role }) => role === 'user')).toEqual([
      { role: 'user', content: 'I am fine' },
      { role: 'user', content: 'but please wait' },
    ]);
  });
});

it('a guess that the recogniser takes back makes no turn', async () => {
  const call = new StagedCall().start();
  call.person.speaks(1_600, 480);
  await call.until(2_100);
  call.stt.interim('sun');
  await call.until(2_200);
  call.stt.interim('');
  await call.until(6_000);
  expect(call.llm.requests).toHaveLength(0);
});

it('a guess that is taken back after it was answered stays in the transcript', async () => {
  const call = new StagedCall().says({ text: 'son', finalAfterMs: null }, 1_600, 480).start();
  await call.until(2_700);
  call.stt.interim('');
  call.says('I meant no', 6_400, 800);
  await call.until(10_000);
  expect(call.observer.transcript.filter((line) => line.startsWith('human'))).toEqual(['human: son', 'human: I meant no']);
});

it('a final transcript that never comes does not swallow the next utterance', async () => {
  const call = new StagedCall().says({ text: 'hello', finalAfterMs: null }, 1_600, 480).says('I meant no', 6_400, 800).start();
  await call.until(10_000);
  expect(call.observer.transcript.filter((line) => line.startsWith('human'))).toEqual(['human: hello', 'human: I meant no']);
});

it('words that no voice was noticed for are a turn of their own', async () => {
  const call = new StagedCall().start();
  await call.until(2_000);
  call.stt.final('yes');
  await call.until(2_001);
  expect(call.llm.requests).toHaveLength(1);
  expect(call.session.state.exchanges).toBe(0);
});

it('words left over when the call ends are in the transcript', async () => {
  const call = new StagedCall().says('I have to', 1_600, 800).start();
  await call.until(2_500);
  call.session.end('remote');
  expect(call.observer.transcript.at(-1)).toBe('human: I have to');
  await expect(call.session.ended).resolves.toBe('remote');
});

describe('tools act on what was said, not on a guess at it', () => {
  const fields = [{ name: 'people', type: 'number' as const }];
  const note = (value: number) => [{ name: 'updated_claim', arguments: { updates: [{ field: 'people', value }] } }];
  const utterance = (finalText: string, finalAfterMs: number | null) => ({ text: 'for ten of us', finalText, finalAfterMs });

  it('so they wait for the final transcript', async () => {
    const call = new StagedCall({ fields, answers: [{ calls: note(10) }, 'For ten.'], stt: { finalP99Ms: 1_500 } });
    call.says(utterance('for ten of us', 1_000), 1_600, 800).start();
    await call.until(3_399);
    expect(call.observer.claims).toEqual([]); // asked for at 3100
    await call.until(3_400);
    expect(call.observer.claims).toEqual([{ people: 10 }]);
  });

  it('and are dropped when it says something else', async () => {
    const call = new StagedCall({ fields, answers: [{ calls: note(10) }, { calls: note(2) }, 'For two.'], stt: { finalP99Ms: 1_500 } });
    call.says(utterance('for two of us', 1_000), 1_600, 800).start();
    await call.until(8_000);
    expect(call.observer.claims).toEqual([{ people: 2 }]);
    expect(call.observer.transcript.slice(1)).toEqual(['human: for two of us', 'assistant: For two.']);
  });

  it('and are dropped even when the answer has begun to be heard', async () => {
    const answers = [{ text: 'I am noting ten people.', calls: note(10) }, { text: 'No, two.', calls: note(2) }, 'When?'];
    const call = new StagedCall({ fields, answers, stt: { finalP99Ms: 1_500 } });
    call.says(utterance('for two of us', 1_200), 1_600, 800).start();
    await call.until(12_000);
    expect(call.observer.claims).toEqual([{ people: 2 }]);
    expect(call.observer.transcript.slice(1)).toEqual(['human: for two of us', 'assistant: I am noting ten people. No, two. When?']);
  });

  it('and run when it does not come in its time', async () => {
    const call = new StagedCall({ fields, answers: [{ calls: note(10) }, 'For ten.'], stt: { finalP99Ms: 1_500 } });
    call.says(utterance('', null), 1_600, 800).start();
    await call.until(3_900); // 2400 + 1500
    expect(call.observer.claims).toEqual([{ people: 10 }]);
  });
});
