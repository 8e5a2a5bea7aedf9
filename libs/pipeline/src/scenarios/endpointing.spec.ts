import { StagedCall } from '@carillon/testing';

const asked = (call: StagedCall): (string | undefined)[] => call.llm.requests.map((request) => request.messages.at(-1)?.content);

describe('a turn is not over', () => {
  it('in the middle of a phone number, said in groups', async () => {
    const call = new StagedCall().says('my number is 555', 1_600, 960).says('12 34', 3_520, 640).says('56 78', 5_120, 640).start();
    await call.until(8_000); // 960 and 960 ms of pause: the unsure wait would have been over
    expect(asked(call)).toEqual(['my number is 555 12 34 56 78']);
  });

  it('in the middle of an e-mail address', async () => {
    const call = new StagedCall({ answers: ['Could you give me your e-mail?', 'Thank you.'] });
    call.says('hello there', 1_600, 640).says('ann at example', 5_920, 960).says('dot com', 8_160, 480).start();
    await call.until(11_000);
    expect(asked(call)).toEqual(['hello there', 'ann at example dot com']);
  });

  it('after a word that nobody ends with, in English and in Chinese', async () => {
    const english = new StagedCall().says('I would like to', 1_600, 800).says('cancel it', 3_520, 480).start();
    const chinese = new StagedCall().says('我想要', 1_600, 800).says('取消', 3_520, 480).start();
    await Promise.all([english.until(6_000), chinese.until(6_000)]);
    expect(asked(english)).toEqual(['I would like to cancel it']);
    expect(asked(chinese)).toEqual(['我想要取消']);
  });

  it('at the pause that this person always makes', async () => {
    const call = new StagedCall().says('I saw', 1_600, 480).says('your letter', 2_560, 480).says('last week', 3_520, 480);
    call.says('with pleasure', 7_360, 480).says('indeed', 8_320, 480).start();
    await call.until(5_000);
    expect(call.session.state.pauses).toEqual({ count: 2, meanMs: 480 }); // 480 ms each
    await call.until(11_000);
    // Twice the turn had to be taken back; from then on the wait is 1.4 × 480 = 672 ms.
    expect(call.session.state.pauses.count).toBe(3);
    expect(asked(call)).toEqual(['I saw', 'I saw your letter', 'I saw your letter last week', 'with pleasure indeed']);
  });
});

describe('a turn is over', () => {
  it('180 ms after a plain yes to a question that wants one', async () => {
    const call = new StagedCall({ answers: ['Do you have a moment?', 'Good.'] });
    call.says('hello there', 1_600, 640).says('yes', 5_600, 320).start();
    await call.until(6_099);
    expect(call.llm.requests).toHaveLength(1);
    await call.until(6_100); // 5920 + 180
    expect(call.llm.requests).toHaveLength(2);
  });

  it('when a semantic model says so', async () => {
    const asked: unknown[] = [];
    const endpointer = {
      predict: (view: unknown) => {
        asked.push(view);
        return Promise.resolve(0.95);
      },
    };
    const call = new StagedCall({ endpointer }).says('the blue one', 1_600, 800).start();
    await call.until(2_579);
    expect(call.llm.requests).toHaveLength(0);
    await call.until(2_580);
    expect(call.llm.requests).toHaveLength(1);
    expect(asked).toEqual([{ text: 'the blue one', agentLine: 'Hello, this is Adam.', language: 'en-US' }]);
  });

  it('by the rules alone when the semantic model fails', async () => {
    const endpointer = { predict: () => Promise.reject(new Error('no model')) };
    const call = new StagedCall({ endpointer }).says('the blue one', 1_600, 800).start();
    await call.until(2_901);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.errors).toEqual([{ message: 'no model', stage: 'endpointer' }]);
  });
});
