import { StagedCall } from '@carillon/testing';

it('a silent person is asked after 10 s and twice more after 20 s, then the call ends', async () => {
  const call = new StagedCall().start();
  await call.until(100_000);
  // The greeting is over at 1370. The question comes 150 ms after it is asked and takes 840 ms.
  expect(call.tts.spoken.map(({ text, at }) => [at, text])).toEqual([
    [20, 'Hello, this is Adam.'],
    [11_370, 'Are you there?'],
    [32_360, 'Are you there?'],
    [53_350, 'Are you there?'],
    [74_340, 'Goodbye.'],
  ]);
  expect(call.observer.hangUps).toEqual([{ at: 74_970, reason: 'silence' }]);
  expect(call.session.state).toMatchObject({ exchanges: 0, agentClosed: false });
});

it('a person who answers the question is not given up', async () => {
  const call = new StagedCall().says('yes I am here', 14_400, 800).start();
  await call.until(30_000);
  expect(call.session.state.exchanges).toBe(1);
  expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.', 'Are you there?', 'All right.', 'Are you there?']);
  expect(call.session.state.prompts).toBe(1);
});

it('a person who speaks when the question is about to come is not asked', async () => {
  const call = new StagedCall().says('I am thinking', 11_200, 800).start();
  await call.until(14_000);
  expect(call.observer.transcript.slice(1)).toEqual(['human: I am thinking', 'assistant: All right.']);
});

it('a voicemail that talks over the greeting makes no exchange', async () => {
  const call = new StagedCall().says('you have reached the mailbox of Ann please leave a message', 320, 8_000).start();
  await call.until(120_000);
  expect(call.observer.transcript[0]).toBe('assistant: Hello, this is Adam.');
  expect(call.observer.transcript[1]).toMatch(/^human: you have reached/);
  expect(call.session.state.phase).toEqual({ name: 'ended', reason: 'silence' });
  expect(call.session.state).toMatchObject({ exchanges: 0, agentClosed: false });
});

it('a call that takes too long is closed politely', async () => {
  const call = new StagedCall({ plan: { maxCallMs: 10_000 } }).start();
  await call.until(20_000);
  expect(call.tts.spoken.at(-1)).toMatchObject({ text: 'Goodbye.', at: 10_000 });
  expect(call.observer.hangUps).toEqual([{ at: 10_630, reason: 'max_duration' }]);
});

it('a call that takes too long is closed in the middle of an answer, too', async () => {
  const call = new StagedCall({ answers: ['I would like to ask you three questions about your house.'], plan: { maxCallMs: 4_000 } });
  call.says('I am fine', 1_600, 800).start();
  await call.until(20_000);
  expect(call.observer.transcript.slice(2)).toEqual(['assistant: I would', 'assistant: Goodbye.']);
});
