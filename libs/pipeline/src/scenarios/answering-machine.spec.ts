import { STAGED_LINES, StagedCall, type StagedCallOptions } from '@carillon/testing';
import type { AnswerNews } from '../session/answer-watch.js';

// The greeting, "Hello, this is Adam.", is heard from 170 to 1,370 ms. Times of the watch count from the first frame, at 20 ms.
const MESSAGE = 'Please call us back.'; // 20 characters: 1,200 ms, heard 150 ms after it is asked for
const LEAVE = { on_machine: 'leave_message', message: MESSAGE } as const;
const RETRY = { on_machine: 'retry_later', message: null } as const;

const answered = (machines: NonNullable<StagedCallOptions['plan']>['machines'] = LEAVE, options: StagedCallOptions = {}) =>
  new StagedCall({ ...options, plan: { ...options.plan, machines } });
const verdicts = ({ observer }: StagedCall) => observer.answers.filter((news) => news.type === 'verdict');
const done = ({ observer }: StagedCall) =>
  observer.answers
    .filter((news): news is Extract<AnswerNews, { type: 'machine' }> => news.type === 'machine')
    .map(({ action, at }) => `${action} ${at}`);
const messages = ({ tts }: StagedCall) => tts.spoken.filter(({ text }) => text === MESSAGE).map(({ at }) => at);
const MAILBOX = 'you have reached john please leave a message after the tone';

describe('a person', () => {
  it('who says hello and waits hears the whole greeting at once, and is answered', async () => {
    const call = answered(LEAVE, { answers: ['Good to hear you.'] })
      .says('hello', 320, 480)
      .start();
    call.says('yes I have a moment', 1_920, 960);
    await call.until(6_000);
    call.session.end('remote');
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.', 'Good to hear you.']);
    expect(call.media.clears).toEqual([]);
    expect(done(call)).toEqual([]);
    expect(verdicts(call)).toMatchObject([{ kind: 'person' }]);
    expect(call.session.state.machine).toBeNull();
  });

  it('who greets for a company in one long breath is spoken with', async () => {
    const words = 'good morning thank you for calling acme insurance in springfield this is mary how may i help you';
    const call = answered(RETRY, { answers: ['I call about a parcel.'] })
      .says(words, 320, 6_400)
      .start();
    await call.until(10_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.tts.spoken.at(-1)?.text).toBe('I call about a parcel.');
    expect(done(call)).toEqual([]);
  });

  it('behind a screening service is spoken with when they come to the phone', async () => {
    const screening = 'the person you are calling is using a screening service please say your name and why you are calling';
    const call = answered(RETRY, { answers: ['I call about your parcel.', 'This is Adam again.'] })
      .says(screening, 320, 5_760)
      .start();
    await call.until(9_500);
    call.says('hello who is this', 9_600, 960);
    await call.until(13_000);
    expect(done(call)).toEqual([]);
    expect(call.tts.spoken.slice(-2).map(({ text }) => text)).toEqual(['I call about your parcel.', 'This is Adam again.']);
  });

  it('on a speakerphone is not taken for a machine by our own words', async () => {
    const legalNotice = 'This is a sales call and you may press nine to stop these calls.'; // 64 characters: heard from 170 to 4010
    const call = answered(RETRY, { plan: { lines: { ...STAGED_LINES, legalNotice } } })
      .says('sales call and you may press nine to stop these calls', 480, 3_360)
      .start();
    await call.until(2_600);
    call.stt.interim('press nine'); // a new piece of the echo begins so, with too few words for turn taking to drop it
    await call.until(6_000);
    expect(done(call)).toEqual([]);
    expect(call.session.state.machine).toBeNull();
    expect(call.tts.spoken.map(({ text }) => text)).toEqual([legalNotice, STAGED_LINES.greeting]);
  });

  it('is no longer listened to for tones once there is no doubt', async () => {
    const call = answered(LEAVE, { answers: ['Good to hear you, Ann.', 'Then let us begin now.'] }).start();
    call.says('yes', 1_920, 480).says('yes sure go on', 5_120, 960);
    await call.until(9_500);
    expect(verdicts(call)).toMatchObject([{ kind: 'person' }]);
    call.person.beeps(9_600, 400);
    await call.until(12_000);
    expect(call.observer.answers).toHaveLength(1);
  });
});

describe('an answering machine', () => {
  it('hears the message right after its beep, and then we hang up', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    call.person.beeps(5_600, 400);
    await call.until(9_000);
    // 7 frames of silence after the tone make it sure
    expect(messages(call)).toEqual([6_140]);
    expect(call.observer.hangUps).toEqual([{ at: 7_490, reason: 'machine' }]); // 6140 + 150 + 20 × 60
    expect(call.session.state.machine).toBe('message_left');
    expect(verdicts(call)).toMatchObject([{ kind: 'machine' }]);
    expect(call.observer.transcript).toContain(`assistant: ${MESSAGE}`);
  });

  it('hears nothing of us from the verdict on until it is its turn', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    call.person.beeps(5_600, 400);
    await call.until(6_100);
    const known = call.observer.answers.find(({ type }) => type === 'machine');
    expect(known).toMatchObject({ action: 'keep_silent' });
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.']);
    expect(call.llm.requests).toHaveLength(0);
  });

  it('that does not beep hears the message after two seconds of silence', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    await call.until(10_000);
    expect(messages(call)).toEqual([7_120]); // 320 + 4800 + 2000
    expect(call.session.state.machine).toBe('message_left');
  });

  it('that beeps while the message is said hears it again from its beginning', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    call.person.beeps(7_600, 400);
    await call.until(12_000);
    expect(messages(call)).toEqual([7_120, 8_140]);
    expect(call.observer.hangUps).toEqual([{ at: 9_490, reason: 'machine' }]);
  });

  it('that goes on as we are about to speak is heard out first', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).says('or press one for more', 7_040, 960).start();
    await call.until(12_000);
    expect(messages(call)).toEqual([7_120, 10_000]);
    expect(call.observer.transcript.filter((line) => line.endsWith(MESSAGE))).toHaveLength(1);
    expect(call.session.state.machine).toBe('message_left');
  });

  it('that never gives us a turn is hung up on half a minute after the verdict', async () => {
    const call = answered().says({ text: MAILBOX, interims: true }, 320, 120_000).start();
    await call.until(60_000);
    expect(messages(call)).toEqual([]);
    expect(done(call)).toEqual(['keep_silent 1100', 'hang_up 31100']); // the eighth word, "message", 800 ms into it
    expect(call.observer.hangUps).toEqual([{ at: 31_120, reason: 'machine' }]);
    expect(call.session.state.machine).toBe('answered');
  });

  it('whose recording ends within our message has no message of ours', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    call.person.beeps(5_600, 400);
    await call.until(6_900);
    call.session.end('remote');
    expect(call.session.state.machine).toBe('answered');
  });

  it.each(['hang_up', 'retry_later'] as const)('is hung up on at once where the campaign wants that (%s)', async (on_machine) => {
    const call = answered({ on_machine, message: null }).says(MAILBOX, 320, 4_800).start();
    await call.until(9_000);
    expect(done(call)).toEqual(['hang_up 1100']);
    expect(call.observer.hangUps).toEqual([{ at: 1_120, reason: 'machine' }]);
    expect(call.session.state.machine).toBe('answered');
  });

  it('that nobody understands is one by its beep and the silence after it', async () => {
    const call = answered().says('', 320, 4_800).start();
    call.person.beeps(5_600, 400);
    await call.until(12_000);
    expect(messages(call)).toEqual([7_500]); // 6000 + 1500 of silence
    expect(call.session.state.machine).toBe('message_left');
  });

  it('gets its message though nothing of it is understood any more', async () => {
    const call = answered().says(MAILBOX, 320, 4_800).start();
    call.person.beeps(5_600, 400);
    for (const at of [2_000, 2_300, 2_900, 3_900]) {
      await call.until(at);
      call.stt.fail();
    }
    await call.until(9_000);
    expect(call.tts.spoken.map(({ text }) => text)).toEqual(['Hello, this is Adam.', MESSAGE]);
    expect(call.session.state.machine).toBe('message_left');
  });

  it('is spoken with like a person where nobody watches for it', async () => {
    const call = new StagedCall({ answers: ['How are you?'] }).says(MAILBOX, 320, 4_800).start();
    await call.until(9_000);
    expect(call.llm.requests).toHaveLength(1);
    expect(call.observer.answers).toEqual([]);
  });
});
