import { StagedCall } from '@carillon/testing';

describe('the greeting', () => {
  it('is said as soon as the person has picked up and audio flows', async () => {
    const call = new StagedCall();
    await call.until(500);
    expect(call.media.frames).toHaveLength(0);

    call.start();
    await call.until(3_000);
    // first frame at 520, synthesis takes 150: heard from 670 to 1870
    expect(call.media.frames[0]?.at).toBe(670);
    expect(call.media.frames).toHaveLength(60);
    expect(call.observer.said).toMatchObject([{ persona: 'assistant', content: 'Hello, this is Adam.', startedAt: 670, endedAt: 1_870 }]);
    expect(call.session.state.phase).toEqual({ name: 'dialog' });
  });

  it('runs no more than 300 ms ahead of the ear', async () => {
    const call = new StagedCall().start();
    await call.until(170);
    expect(call.media.frames).toHaveLength(10); // of a first chunk of 200 ms
    await call.until(570);
    expect(call.media.frames.length * 20).toBeGreaterThanOrEqual(400 + 240);
    expect(call.media.frames.length * 20).toBeLessThanOrEqual(400 + 300);
  });

  it('does not yield to the "hello?" at pick-up, and that is answered once the person has had the time to go on', async () => {
    const call = new StagedCall().says('hello', 320, 480).start();
    await call.until(1_400);
    expect(call.observer.interruptions).toBe(0);
    expect(call.media.frames).toHaveLength(60);
    await call.until(2_860);
    expect(call.llm.requests).toHaveLength(0);
    await call.until(2_880); // 1370 + 1500
    expect(call.llm.requests).toHaveLength(1);
    expect(call.session.state.exchanges).toBe(0);
  });

  it('joins that "hello?" with what the person says after it', async () => {
    const call = new StagedCall().says('hello', 320, 480).says('yes I have time', 1_600, 480).start();
    await call.until(2_600); // 2080 + 500
    expect(call.llm.requests.at(-1)?.messages.at(-1)).toEqual({ role: 'user', content: 'hello yes I have time' });
    expect(call.llm.requests).toHaveLength(1);
  });

  it('yields to a person who speaks later in it', async () => {
    const call = new StagedCall({ plan: { lines: { ...lines, greeting: 'x'.repeat(49) + ' ' + 'y'.repeat(50) } } });
    call.says('stop', 1_600, 480).start();
    await call.until(2_700);
    expect(call.observer.interruptions).toBe(1);
    expect(call.observer.transcript).toEqual([]); // half a word was heard
    expect(call.llm.requests).toHaveLength(1);
  });

  it('is said to its end where it must not be interrupted', async () => {
    const greeting = 'This call is recorded for reasons of quality and training.'; // 58 characters: until 3650
    const call = new StagedCall({ plan: { lines: { ...lines, greeting }, rules: { greetingInterruptible: false } } });
    call.says('stop', 1_600, 480).start();
    await call.until(3_700);
    expect(call.observer.transcript).toEqual([`assistant: ${greeting}`]);
    expect(call.observer.interruptions).toBe(0);
  });

  it('is skipped where there is none, and the person speaks first', async () => {
    const call = new StagedCall({ plan: { lines: { ...lines, greeting: '' } } }).says('hello', 320, 480).start();
    await call.until(1_300);
    expect(call.llm.requests).toHaveLength(1);
  });
});

const lines = { greeting: '', stillThere: 'Are you there?', goodbye: 'Goodbye.', apology: 'Sorry.', filler: 'One moment.' };

it('a socket without audio is given up', async () => {
  const call = new StagedCall();
  await call.until(20_000);
  expect(call.observer.hangUps).toEqual([{ at: 20_000, reason: 'no_media' }]);
  expect(call.clock.pending).toBe(0);
});
