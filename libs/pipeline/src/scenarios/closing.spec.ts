import { StagedCall } from '@carillon/testing';

const END = { name: 'end_call', arguments: { reason: 'done' } };

describe('end_call', () => {
  it('hangs up once the goodbye was heard', async () => {
    const call = new StagedCall({ answers: [{ text: 'Thank you, bye.', calls: [END] }] }).says('I am fine', 1_600, 800).start();
    await call.until(10_000);
    // Three words until 3130, audio at 3280, 15 characters.
    expect(call.observer.hangUps).toEqual([{ at: 4_180, reason: 'agent_closed' }]);
    expect(call.session.state).toMatchObject({ agentClosed: true, exchanges: 1, phase: { name: 'ended', reason: 'agent_closed' } });
    await expect(call.session.ended).resolves.toBe('agent_closed');
  });

  it('without a word says the goodbye of the plan', async () => {
    const call = new StagedCall({ answers: [{ calls: [END] }] }).says('I am fine', 1_600, 800).start();
    await call.until(10_000);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Goodbye.');
    expect(call.observer.hangUps).toEqual([{ at: 3_730, reason: 'agent_closed' }]); // 3100 + 150 + 480
  });

  it('hangs up also when the goodbye cannot be spoken', async () => {
    const answers = [{ text: 'Thank you, bye.', calls: [END] }];
    const call = new StagedCall({ answers, tts: { faults: [null, 'hangs', 'hangs'] } }).says('I am fine', 1_600, 800).start();
    await call.until(30_000);
    expect(call.observer.hangUps).toMatchObject([{ reason: 'agent_closed' }]);
  });
});

describe('the end from outside', () => {
  it('keeps what was heard until then', async () => {
    const call = new StagedCall().start();
    await call.until(970); // 800 of 1200 ms: 13 of 20 characters
    call.session.end('remote');
    expect(call.observer.said).toMatchObject([{ content: 'Hello, this', interrupted: true }]);
    expect(call.observer.hangUps).toEqual([]);
  });

  it('lets go of every timer and stream, and hears nothing more', async () => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }] }).says('I am fine', 1_600, 800).start();
    await call.until(3_000);
    call.person.stop();
    call.session.end('remote');
    call.session.end('shutdown');
    await call.until(3_001);
    expect(call.clock.pending - call.llm.aborted).toBeLessThanOrEqual(0);
    const { state } = call.session;
    call.session.onFrame(new Int16Array(320));
    call.session.onTone('5');
    call.stt.final('too late');
    expect(call.session.state).toBe(state);
    await expect(call.session.ended).resolves.toBe('remote');
  });
});
