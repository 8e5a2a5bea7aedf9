import type { AnsweringMachineRules } from '@carillon/contracts';
import { createRealClock, ScriptedLlm, ScriptedStt, ScriptedTts, ScriptedVad } from '@carillon/testing';
import { callContext, eventually, openSocket, stageWorker, TestPhone, type StagedWorker } from './media-worker.spec-support.js';

const MAILBOX = 'you have reached john leave a message after the tone';

const open: StagedWorker[] = [];
afterEach(() => Promise.all(open.splice(0).map(({ worker }) => worker.close())));

/** A worker whose callee is a mailbox, and its phone. */
async function callMailbox(answeringMachine: AnsweringMachineRules): Promise<{ staged: StagedWorker; phone: TestPhone }> {
  const clock = createRealClock();
  const staged = await stageWorker({
    contexts: [callContext('c1', { answeringMachine, variables: { first_name: 'Ann' } })],
    providersFor: () => ({
      vad: new ScriptedVad(),
      stt: new ScriptedStt({ utterances: [MAILBOX] }),
      llm: new ScriptedLlm({ clock, answers: () => 'All right.', ttftMs: 10, tokenMs: 1 }),
      tts: new ScriptedTts({ clock, ttfbMs: 10, msPerCharacter: 4 }),
    }),
  });
  open.push(staged);
  const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
  phone.speak(1_400);
  return { staged, phone };
}

const said = (staged: StagedWorker) => [...(staged.calls.get('c1')?.messages.values() ?? [])].map(({ content }) => content);

describe('a call that a machine answers', () => {
  it('leaves its message after the beep, hangs up, and says that it did', async () => {
    const message = 'Hello {first_name}, this is {bot} of {company}. Please call us back.';
    const { staged, phone } = await callMailbox({ on_machine: 'leave_message', message });
    await eventually(() => staged.logLines.some((line) => line.includes('who has answered')), 'the machine is known');
    const { framesHeard } = phone;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(phone.framesHeard - framesHeard).toBeLessThan(5); // no word of ours over its greeting
    phone.beep(300);
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(said(staged)).toContain('Hello Ann, this is Adam of Acme. Please call us back.');
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ exchanges: 0, agentClosed: false, disposition: 'message_left' });
    expect(staged.hungUp).toEqual(['connection-1']);
    const metrics = await staged.metricsText();
    expect(metrics).toMatch(/carillon_media_answers_total\{verdict="machine",[^}]*\} 1/);
    expect(metrics).toMatch(/carillon_media_answer_verdict_seconds_count\{[^}]*verdict="machine"[^}]*\} 1/);
    expect(metrics).toMatch(/carillon_media_line_tones_total\{kind="beep",[^}]*\} 1/);
    expect(metrics).toMatch(/carillon_media_machine_actions_total\{action="leave_message",[^}]*\} 1/);
    expect(metrics).toMatch(/carillon_media_calls_ended_total\{reason="machine",[^}]*\} 1/);
  }, 15_000);

  it('and whose line is lost before the beep gets its message all the same, and no greeting', async () => {
    const message = 'Please call us back.';
    const { staged, phone } = await callMailbox({ on_machine: 'leave_message', message });
    await eventually(() => staged.logLines.some((line) => line.includes('who has answered')), 'the machine is known');
    phone.socket.terminate();
    await eventually(() => staged.calls.get('c1')?.kept?.call.turns.machine === true, 'it is known to whoever goes on');
    await eventually(() => staged.calls.get('c1')?.disposition === 'voicemail', 'what has come of it so far is written');
    const before = said(staged).length;
    new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => staged.calls.get('c1')?.disposition === 'message_left', 'its end is written', 8_000);
    expect(said(staged).slice(before)).toEqual([message]);
  }, 15_000);

  it('is hung up on, and is a voicemail', async () => {
    const { staged } = await callMailbox({ on_machine: 'retry_later', message: null });
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    expect(staged.calls.get('c1')?.outcome).toMatchObject({ exchanges: 0, disposition: 'voicemail' });
    expect(staged.hungUp).toEqual(['connection-1']);
  }, 15_000);
});
