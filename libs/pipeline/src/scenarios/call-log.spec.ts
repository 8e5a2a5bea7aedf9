import { RedactedLog, replayCall, snapshotOf, unreportedOf, type CallLogLine, type SaidMessage } from '../index.js';
import { StagedCall, type StagedCallOptions } from '@carillon/testing';

const fields = [{ name: 'phone', type: 'text' as const }];
const note = [{ name: 'updated_claim', arguments: { updates: [{ field: 'phone', value: '555 123' }] } }];
const ANSWERS = [
  { text: 'Thank you, Ann Lee of Springfield. **What** is your phone number, please?' },
  { text: 'I am noting that down.', calls: note },
  'Dr. Miller will call you back tomorrow. Goodbye!',
];

/** Speculation, an interruption, a backchannel, a cough, an echo, a tool, and the end. */
async function record(wrap: (lines: CallLogLine[]) => StagedCallOptions['log']): Promise<CallLogLine[]> {
  const lines: CallLogLine[] = [];
  const rules = { speculation: 'model' as const };
  const call = new StagedCall({ answers: ANSWERS, fields, plan: { rules }, log: wrap(lines) });
  call.says({ text: 'my name is Ann Lee', finalText: 'My name is Ann Leigh.', finalAfterMs: 900 }, 1_600, 960);
  call.says('mhm', 4_480, 320).says('', 5_120, 320).says('what is your phone', 6_400, 640);
  call.says({ text: 'it is five five five one two three', finalText: 'It is 555 123.' }, 10_240, 1_280);
  call.says('wait a moment', 15_040, 640).start();
  await call.until(24_000);
  call.person.stop();
  call.session.end('remote');
  return JSON.parse(JSON.stringify(lines)) as CallLogLine[];
}

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

describe('a snapshot', () => {
  it('holds what was heard so far and what is still to be answered, as plain data', async () => {
    const call = new StagedCall({ answers: [{ hangs: 'at-once' }] }).says('when do you open', 1_600, 800).start();
    await call.until(3_500);
    const snapshot = snapshotOf(call.session.state);
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
        snapshotOf(call.session.state).history.map(({ role, content }) => `${role === 'user' ? 'human' : 'assistant'}: ${content}`),
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
      const snapshot = snapshotOf(first.session.state);
      const second = new StagedCall({ snapshot, plan: { lines: { ...LINES, recap: 'We were cut off.' } } }).start();
      await second.until(6_000);
      expect(second.observer.transcript[0]).toMatch(/^assistant: We were cut off\./);
      expect(second.session.state.phase.name).toBe('dialog');
    }
  });
});

const LINES = { greeting: 'Hello.', stillThere: 'Are you there?', goodbye: 'Goodbye.', apology: 'Sorry.', filler: 'One moment.' };
