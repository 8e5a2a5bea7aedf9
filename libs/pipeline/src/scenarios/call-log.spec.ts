import { RedactedLog, replayCall, snapshotOf, unreportedOf, type CallLogLine, type SaidMessage } from '../index.js';
import { STAGED_LINES, StagedCall, type StagedCallOptions } from '@carillon/testing';

const fields = [{ name: 'phone', type: 'text' as const }];
const note = [{ name: 'updated_claim', arguments: { updates: [{ field: 'phone', value: '555 123' }] } }];
const ANSWERS = [
  { text: 'Thank you, Ann Lee of Springfield. **What** is your phone number, please?' },
  { text: 'I am noting that down.', calls: note },
  'Dr. Miller will call you back tomorrow. Goodbye!',
];

type Lines = CallLogLine[];
type Record = (wrap: (lines: Lines) => StagedCallOptions['log']) => Promise<Lines>;

/** Speculation, an interruption, a backchannel, a cough, an echo, a tool, and the end. */
const record: Record = async (wrap) => {
  const lines: Lines = [];
  const rules = { speculation: 'model' as const };
  const call = new StagedCall({ answers: ANSWERS, fields, plan: { rules }, log: wrap(lines) });
  call.says({ text: 'my name is Ann Lee', finalText: 'My name is Ann Leigh.', finalAfterMs: 900 }, 1_600, 960);
  call.says('mhm', 4_480, 320).says('', 5_120, 320).says('what is your phone', 6_400, 640);
  call.says({ text: 'it is five five five one two three', finalText: 'It is 555 123.' }, 10_240, 1_280);
  call.says('wait a moment', 15_040, 640).start();
  await call.until(24_000);
  return endOf(call, lines);
};

function endOf(call: StagedCall, lines: Lines): Lines {
  call.person.stop();
  call.session.end('remote');
  return JSON.parse(JSON.stringify(lines)) as Lines;
}

/** In Chinese: clauses as phrases, an early answer to a yes-or-no question, a sign of listening, an interruption, a number in two breaths. */
const recordChinese: Record = async (wrap) => {
  const lines: Lines = [];
  const plan = { language: 'zh-CN', lines: CHINESE_LINES };
  const call = new StagedCall({ answers: CHINESE_ANSWERS, plan, log: wrap(lines) });
  call.says('我想问一下多少钱？', 1_600, 960).says('嗯', 4_800, 320).says('对', 9_120, 320).says('登记一下吧', 12_160, 960);
  call
    .says('等一下', 14_240, 640)
    .says('我的号码是一三八零零', 17_600, 1_600)
    .says({ text: '一三八零零', finalText: '一三八零零零。' }, 20_000, 960);
  call.start();
  await call.until(26_000);
  return endOf(call, lines);
};

/** A barge-in whose words come late, keys, a model that fails, an apology; then the end with another call that is taken by key. */
const recordOutage: Record = async (wrap) => {
  const lines: Lines = [];
  const failing = Array.from({ length: 4 }, () => ({ fails: 'at-once' as const }));
  const answers = ['I can tell you about all of our offers, if you like. Which one?', 'Please key in your customer number.', ...failing];
  const call = new StagedCall({ answers, plan: { lines: OFFERING, rules: { maxModelTries: 2 } }, log: wrap(lines) });
  call.says('hello', 1_600, 480).says({ text: 'no just the first one', interims: false }, 4_000, 1_120);
  call.says('are you there', 16_000, 640).start();
  [...'4711#'].forEach((key, index) => call.clock.setTimer(9_000 + index * 300, () => call.session.onTone(key)));
  call.clock.setTimer(21_000, () => call.session.onTone('1'));
  await call.until(26_000);
  return endOf(call, lines);
};

const plain = (lines: CallLogLine[]) => ({ append: (line: CallLogLine) => void lines.push(line) });

describe('the log of a call', () => {
  it('gives the same effects when it is replayed', async () => {
    const lines = await record(plain);
    expect(replayCall(lines)).toMatchObject({ events: lines.length - 1, same: true, difference: null });
  });

  it('tells the first event that gives something else', async () => {
    const lines = await record(plain);
    const [start] = lines;
    if (start?.kind !== 'call') throw new Error('no start');
    start.state.rules.unsureWaitMs = 300;
    expect(replayCall(lines)).toMatchObject({ same: false, difference: { line: expect.any(Number) } });
  });

  it('can be written without a word of what was said, and still gives the same effects', async () => {
    const lines = await record((kept) => new RedactedLog(plain(kept)));
    const text = JSON.stringify(lines).replace(/:\d+/g, ''); // times and numbers are no secret
    for (const secret of ['Lee', 'Leigh', 'Springfield', 'Miller', 'five', '555', '123', 'tomorrow', 'Adam'])
      expect(text).not.toContain(secret);
    expect(text).toContain('number'); // a word that turn taking knows
    expect(replayCall(lines)).toMatchObject({ same: true, difference: null });
  });

  it('reads like this', async () => {
    expect(golden(await record(plain))).toMatchSnapshot();
  });
});

describe.each<[string, Record]>([
  ['in Chinese', recordChinese],
  ['with barge-in, keys and an apology', recordOutage],
])('the log of a call %s', (_call, record) => {
  it('reads like this', async () => {
    expect(golden(await record(plain))).toMatchSnapshot();
  });

  it('gives the same effects when it is replayed, also without a word of it', async () => {
    expect(replayCall(await record(plain))).toMatchObject({ same: true });
    expect(replayCall(await record((kept) => new RedactedLog(plain(kept))))).toMatchObject({ same: true });
  });
});

describe('the log of a call without a word of it gives the same effects', () => {
  const LONG = 'I would like to ask you three questions about your house today.';

  it.each<[why: string, answer: string, said: string, at: number, language: string]>([
    ['"oh" over a line is a sign of listening, not a zero', LONG, 'oh', 4_160, 'en-US'],
    ['"none" is an answer to what an address is asked for', 'What is your email?', 'none.', 5_600, 'en-US'],
    ['"un" is an article that nobody ends with', 'Que voulez-vous?', 'je voudrais un', 5_600, 'fr-FR'],
    ['"艾特" is in an address', '您的邮箱呢？', '安艾特例子', 5_600, 'zh-CN'],
  ])('%s', async (_why, answer, said, at, language) => {
    const lines: Lines = [];
    const call = new StagedCall({ answers: [answer, 'Good.'], plan: { language }, log: new RedactedLog(plain(lines)) });
    await call.says('hello', 1_600, 640).says(said, at, 480).start().until(16_000);
    expect(replayCall(endOf(call, lines))).toMatchObject({ same: true, difference: null });
  });
});

/** One line per event that led to something, voice windows and timers left out. */
function golden(lines: CallLogLine[]): string {
  return lines
    .flatMap((line) => {
      if (line.kind === 'call') return [];
      const effects = line.effects.filter(({ type }) => type !== 'arm-timer' && type !== 'cancel-timer');
      if (effects.length === 0) return [];
      const { at, type } = line.event;
      const details = 'text' in line.event ? ` "${line.event.text}"` : line.event.type === 'timer' ? ` ${line.event.timer}` : '';
      return [`${at} ${type}${details}`, ...effects.map((effect) => `      ${JSON.stringify(effect)}`)];
    })
    .join('\n');
}

it('the log of a call that goes on on another worker replays by itself: it begins with what that worker went on with', async () => {
  const first = new StagedCall({ answers: ['Yes, thank you. We open at nine.'] }).says('when do you open', 1_600, 800).start();
  await first.until(3_900);
  const snapshot = snapshotOf(first.session.state, first.clock.now());
  const record: Record = async (wrap) => {
    const lines: Lines = [];
    const call = new StagedCall({ snapshot, plan: { lines: { ...LINES, recap: 'We were cut off.' } }, log: wrap(lines) });
    await call.says('thank you', 6_400, 640).start().until(10_000);
    return endOf(call, lines);
  };
  const lines = await record(plain);
  expect(lines[0]).toMatchObject({ kind: 'call', state: { resumed: { rest: ['Yes, thank you.', 'We open at nine.'] } } });
  expect(replayCall(lines)).toMatchObject({ same: true });
  expect(replayCall(await record((kept) => new RedactedLog(plain(kept))))).toMatchObject({ same: true });
});

describe('a snapshot', () => {
  it('holds what was heard so far and what is still to be answered, as plain data', async () => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }] }).says('when do you open', 1_600, 800).start();
    await call.until(3_500);
    const snapshot = snapshotOf(call.session.state, call.clock.now());
    expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot);
    expect(snapshot).toMatchObject({
      unanswered: true,
      history: [
        { role: 'assistant', content: 'Hello, this is Adam.' },
        { role: 'user', content: 'when do you open' },
      ],
    });
  });

  it('taken at any moment goes with all that was not reported, under the ids that it gets when it is', async () => {
    const call = new StagedCall({ answers: ['Yes, thank you. We open at nine. And who are you?', 'Hello, Ann.'] });
    call.says({ text: 'when do you open', finalAfterMs: 900 }, 1_600, 800).says('I am Ann', 6_400, 640).start();
    const seen: SaidMessage[] = [];
    for (let at = 0; at <= 9_500; at += 50) {
      await call.until(at);
      const unreported = unreportedOf(call.session.state);
      const all = [...call.observer.said, ...unreported].map(({ persona, content }) => `${persona}: ${content}`);
      expect(all).toEqual(
        snapshotOf(call.session.state, call.clock.now()).history.map(
          ({ role, content }) => `${role === 'user' ? 'human' : 'assistant'}: ${content}`,
        ),
      );
      seen.push(...unreported);
    }
    const words = new Set(seen.map(({ id, content }) => `${id} ${content}`));
    expect(words).toContain('2 when do you open');
    expect(words).toContain('3 Yes, thank you. We open at nine.');
    for (const { id, persona, content } of seen) {
      const said = call.observer.said.find((message) => message.id === id);
      expect(said).toMatchObject({ persona, content: expect.stringContaining(content) });
    }
  });

  it('taken at any moment goes on on another worker', async () => {
    for (const at of [1_500, 2_000, 2_950, 3_300, 4_000]) {
      const first = new StagedCall({ answers: ['I see, thank you. How old are you?'] }).says('I am fine', 1_600, 800).start();
      await first.until(at);
      const snapshot = snapshotOf(first.session.state, first.clock.now());
      const second = new StagedCall({ snapshot, plan: { lines: { ...LINES, recap: 'We were cut off.' } } }).start();
      await second.until(6_000);
      expect(second.observer.transcript[0]).toMatch(/^assistant: We were cut off\./);
      expect(second.session.state.phase.name).toBe('dialog');
    }
  });

  it('of a call whose greeting was not heard: it is said, and what the person asked meanwhile is answered', async () => {
    const first = new StagedCall({ tts: { faults: ['hangs'] } }).says('who is calling', 320, 640).start();
    await first.until(1_800);
    const snapshot = snapshotOf(first.session.state, first.clock.now());
    expect(snapshot).toMatchObject({ owes: 'greeting', unanswered: true });
    const second = await new StagedCall({ snapshot, answers: ['A friend.'] }).start().until(6_000);
    expect(second.observer.transcript).toEqual(['assistant: Hello, this is Adam.', 'assistant: A friend.']);
  });
});

const OFFERING = { ...STAGED_LINES, callbackOffer: 'Press 1 for another call.', callbackTaken: 'We will call you.' };
const CHINESE_LINES = {
  greeting: '您好，我是小安。',
  stillThere: '您还在吗？',
  goodbye: '再见。',
  apology: '抱歉，出了点问题。',
  filler: '请稍等。',
};
const CHINESE_ANSWERS = [
  '我们的价格取决于您的房子有多大，大多数客户每个月只付三百元左右，其中已经包括了安装和所有的维护费用，第一年还有优惠，您看可以吗？',
  '好的，那我先给您登记一下，然后我们的同事会联系您。',
  '没问题，请问您的电话号码是多少？',
  '好的，您慢慢找。',
  '好的，谢谢您，再见。',
];
const LINES = { greeting: 'Hello.', stillThere: 'Are you there?', goodbye: 'Goodbye.', apology: 'Sorry.', filler: 'One moment.' };
