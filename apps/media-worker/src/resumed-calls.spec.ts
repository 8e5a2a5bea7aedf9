import { createRealClock, ScriptedLlm, ScriptedStt, ScriptedTts, ScriptedVad } from '@carillon/testing';
import {
  TestPhone,
  callContext,
  closed,
  eventually,
  openSocket,
  scriptedProviders,
  stageWorker,
  type StagedWorker,
} from './media-worker.spec-support.js';
import type { CallProviders, Outside } from './ports.js';

/** What a worker that is frozen, or dead, still gets done outside: nothing, until it wakes up. */
function freezable(outside: Outside): { outside: Outside; freeze(): void; wake(): void } {
  let awake: Promise<void> = Promise.resolve();
  let wake: () => void = () => undefined;
  const later = <Arguments extends unknown[], Result>(act: (...given: Arguments) => Promise<Result>) => {
    return async (...given: Arguments): Promise<Result> => {
      await awake;
      return act(...given);
    };
  };
  const { conversations, snapshots, directory, conveyor, carrier } = outside;
  return {
    freeze: () => void (awake = new Promise((resolve) => (wake = resolve))),
    wake: () => wake(),
    outside: {
      ...outside,
      conversations: {
        bind: later(conversations.bind),
        append: later(conversations.append),
        claim: later(conversations.claim),
        close: later(conversations.close),
      },
      snapshots: { keep: later(snapshots.keep) },
      directory: { ...directory, isStillOurs: later(directory.isStillOurs), giveUpLine: later(directory.giveUpLine) },
      conveyor: { enqueue: later(conveyor.enqueue) },
      carrier: { ...carrier, hangUp: later(carrier.hangUp) },
    },
  };
}

interface Spoken {
  providers: CallProviders;
  said(): string[];
  asked(): string[];
}

function recording(answers: string[], utterance: string, msPerCharacter = 4): Spoken {
  const clock = createRealClock();
  const tts = new ScriptedTts({ clock, ttfbMs: 10, msPerCharacter });
  const llm = new ScriptedLlm({ clock, answers, ttftMs: 10, tokenMs: 1 });
  const providers = { vad: new ScriptedVad(), stt: new ScriptedStt({ utterances: () => utterance }), llm, tts };
  const last = llm.requests;
  return {
    providers,
    said: () => tts.spoken.map(({ text }) => text),
    asked: () => (last.at(-1)?.messages ?? []).slice(1).map(({ content }) => content),
  };
}

describe('a call whose worker is lost in the middle of it', () => {
  const first = recording(['I see. How old are you?'], 'I am fine');
  const second = recording(['Forty, thank you.'], 'forty');
  let memory: StagedWorker;
  let frozen: ReturnType<typeof freezable>;
  let lost: StagedWorker;
  let other: StagedWorker;

  const transcript = () => [...(memory.calls.get('c1')?.messages.values() ?? [])].map(({ persona, content }) => `${persona}: ${content}`);
  const heard = (line: string) => memory.live.some((event) => event.type === 'call.said' && event.content.startsWith(line));
  const kept = () => memory.calls.get('c1')?.kept;

  beforeAll(async () => {
    memory = await stageWorker({ contexts: [callContext('c1')] });
    frozen = freezable(memory.outside);
    lost = await stageWorker({ outside: frozen.outside, providersFor: () => first.providers });
    other = await stageWorker({ outside: memory.outside, providersFor: () => second.providers });
    const phone = new TestPhone(await openSocket(await lost.mediaUrl('c1')));
    await eventually(() => heard('Hello'), 'the greeting is heard to its end');
    phone.speak(500);
    await eventually(() => kept()?.call.turns.history.at(-1)?.content === 'I see. How old are you?', 'a snapshot holds the question');
    frozen.freeze();
    phone.socket.terminate(); // the carrier has lost its peer
    phone.stop();
  });
  afterAll(async () => {
    await Promise.all([lost.worker.close(), other.worker.close(), memory.worker.close()]);
  });

  it('goes on where the carrier connects it again: a short recap, the open question, and all that was said is known', async () => {
    const phone = new TestPhone(await openSocket(await other.mediaUrl('c1')));
    await eventually(() => second.said().length === 1, 'the person hears of it');
    expect(second.said()).toEqual(['Sorry, we were cut off for a moment. How old are you?']);
    await eventually(() => heard('Sorry, we were cut off'), 'it is heard to its end');
    phone.speak(500);
    await eventually(() => heard('Forty'), 'the next question is answered');
    expect(second.asked()).toEqual([
      expect.stringMatching(/^Hello, this is Adam/),
      'I am fine',
      'I see. How old are you?',
      'Sorry, we were cut off for a moment. How old are you?',
      'forty',
    ]);
    await eventually(() => (kept()?.epoch ?? 0) === 2, 'the call is kept by its new owner');
    phone.socket.close();
    await eventually(() => memory.wrapUps.includes('c1'), 'the call is wrapped up');
    // the first worker had not written its last lines any more: the second did
    expect(transcript()).toEqual([
      expect.stringMatching(/^assistant: Hello/),
      'human: I am fine',
      'assistant: I see. How old are you?',
      expect.stringMatching(/^assistant: Sorry, we were cut off/),
      'human: forty',
      'assistant: Forty, thank you.',
    ]);
    expect(memory.calls.get('c1')?.outcome).toMatchObject({ exchanges: 2 });
    expect(await other.metricsText()).toMatch(/carillon_calls_resumed_total\{from="snapshot",[^}]*\} 1/);
  });

  it('and the lost one, which was only frozen, can write nothing any more when it wakes up', async () => {
    const before = transcript();
    const outcome = memory.calls.get('c1')?.outcome;
    const keptBefore = kept();
    frozen.wake();
    await eventually(
      () => lost.logLines.some((line) => line.includes('another worker owns this call now')),
      'it learns that it lost the call',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(transcript()).toEqual(before);
    expect(memory.calls.get('c1')?.outcome).toBe(outcome);
    expect(kept()).toEqual(keptBefore);
    expect(lost.hungUp).toEqual([]);
  });
});

describe('a worker that is killed while it speaks', () => {
  // 20 ms per character make 1,300: a snapshot, one a second, comes while it is said
  const rest = 'We open at nine in the morning and close at six in the evening.';

  it('takes nothing with it: what was asked, what was heard of the answer, and what was not', async () => {
    const first = recording([`Yes, of course. ${rest}`], 'when', 20);
    const second = recording([], '');
    const memory = await stageWorker({ contexts: [callContext('c1')] });
    const frozen = freezable(memory.outside);
    const lost = await stageWorker({ outside: frozen.outside, providersFor: () => first.providers });
    const other = await stageWorker({ outside: memory.outside, providersFor: () => second.providers });
    const phone = new TestPhone(await openSocket(await lost.mediaUrl('c1')));
    await eventually(() => memory.live.some((event) => event.type === 'call.said'), 'the greeting is heard to its end');
    phone.speak(500);
    const kept = () => memory.calls.get('c1')?.kept?.call;
    await eventually(() => kept()?.turns.rest?.[0] === rest, 'a snapshot is taken within the second phrase');
    expect(kept()?.unwritten.at(-1)?.content).toBe('Yes, of course.');
    frozen.freeze();
    phone.socket.terminate();
    const again = new TestPhone(await openSocket(await other.mediaUrl('c1')));
    await eventually(() => second.said().length === 2, 'the rest is said');
    expect(second.said()).toEqual(['Sorry, we were cut off for a moment.', rest]);
    again.socket.close();
    await eventually(() => memory.wrapUps.includes('c1'), 'the call is wrapped up');
    const messages = [...(memory.calls.get('c1')?.messages.values() ?? [])].map(({ persona, content }) => `${persona}: ${content}`);
    expect(messages.slice(0, 4)).toEqual([
      expect.stringMatching(/^assistant: Hello/),
      'human: when',
      'assistant: Yes, of course.',
      'assistant: Sorry, we were cut off for a moment.',
    ]);
    frozen.wake();
    await Promise.all([lost.worker.close(), other.worker.close(), memory.worker.close()]);
  }, 15_000);
});

describe('a worker that is told to stop while it holds a call', () => {
  it('sends the carrier to another one, which goes on with a recap, and hangs up nobody', async () => {
    const first = recording(['I see. How old are you?'], 'I am fine');
    const second = recording([], '');
    const memory = await stageWorker({ contexts: [callContext('c1')] });
    const leaving = await stageWorker({ outside: memory.outside, providersFor: () => first.providers });
    const other = await stageWorker({ outside: memory.outside, providersFor: () => second.providers });
    const heard = (line: string) => memory.live.some((event) => event.type === 'call.said' && event.content.startsWith(line));
    const phone = new TestPhone(await openSocket(await leaving.mediaUrl('c1')));
    await eventually(() => heard('Hello'), 'the greeting is heard to its end');
    phone.speak(500);
    await eventually(() => heard('I see'), 'the question is heard to its end');
    let keptWhenSent: unknown = null;
    phone.socket.once('close', () => (keptWhenSent = memory.calls.get('c1')?.kept?.call.turns.history.at(-1)));
    const sentAway = closed(phone.socket);
    await leaving.worker.stopTaking();
    await leaving.worker.drain(0);
    expect(await sentAway).toEqual({ code: 1001, reason: 'moved' });
    expect(keptWhenSent).toMatchObject({ content: 'I see. How old are you?' }); // the carrier may come back at once
    await leaving.worker.close();

    const again = new TestPhone(await openSocket(await other.mediaUrl('c1')));
    await eventually(() => second.said().length === 1, 'the person hears of it');
    expect(second.said()).toEqual(['Sorry, we were cut off for a moment. How old are you?']);
    expect([leaving.hungUp, memory.hungUp]).toEqual([[], []]);
    again.socket.close();
    await Promise.all([other.worker.close(), memory.worker.close()]);
  });

  it('leaves a person alone whose line was lost a moment ago: another worker may go on with them', async () => {
    const staged = await stageWorker({ contexts: [callContext('c1')], providersFor: scriptedProviders });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => staged.calls.get('c1')?.kept != null, 'it is kept');
    phone.socket.terminate();
    await eventually(() => staged.worker.openCalls === 0, 'the line is lost');
    await staged.worker.drain(0);
    await staged.worker.close();
    expect(staged.hungUp).toEqual([]);
    expect(staged.calls.get('c1')?.kept).toMatchObject({ epoch: 1 });
  });
});

describe('a call whose socket is lost', () => {
  it('before anything was heard begins anew, with all that the law wants said', async () => {
    const spoken = recording([], '');
    const conversation = { legal_notice: 'This call is recorded.' };
    const staged = await stageWorker({ contexts: [callContext('c1', { conversation })], providersFor: () => spoken.providers });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => spoken.said().length === 1, 'the notice is being said');
    phone.socket.terminate();
    await eventually(() => staged.calls.get('c1')?.kept?.call.turns.owes === 'notice', 'what is owed is known');
    new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => spoken.said().length === 3, 'the call begins anew');
    expect(spoken.said()).toEqual(['This call is recorded.', 'This call is recorded.', expect.stringMatching(/^Hello/)]);
    await staged.worker.close();
  });

  it('in the middle of an answer hears the rest of it', async () => {
    const spoken = recording(['I see, thank you. How old are you, if I may ask you that?'], 'I am fine');
    const staged = await stageWorker({ contexts: [callContext('c1')], providersFor: () => spoken.providers });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => staged.live.some((event) => event.type === 'call.said'), 'the greeting is heard to its end');
    phone.speak(500);
    await eventually(() => spoken.said().some((text) => text.startsWith('How old')), 'the answer is being said');
    phone.socket.terminate();
    await eventually(() => (staged.calls.get('c1')?.kept?.call.turns.rest ?? []).length > 0, 'what was not heard is known');
    expect(staged.calls.get('c1')?.kept?.call.turns.elapsedMs).toBeGreaterThan(500); // the person spoke for so long
    const before = spoken.said().length;
    new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(
      () =>
        spoken
          .said()
          .slice(before)
          .some((text) => text.startsWith('How old')),
      'the rest is said',
    );
    expect(spoken.said()[before]).toBe('Sorry, we were cut off for a moment.');
    await staged.worker.close();
  });

  it('while its end cannot be written goes on all the same, before the carrier gives up', async () => {
    let isAway = false;
    const memory = await stageWorker({ contexts: [callContext('c1')] });
    const { conversations, directory } = memory.outside;
    const written = async (write: () => Promise<boolean>) => {
      if (isAway) throw new Error('the database is away');
      return write();
    };
    const staged = await stageWorker({
      outside: {
        ...memory.outside,
        directory: { ...directory, giveUpLine: () => Promise.reject(new Error('the database is away')) },
        conversations: {
          ...conversations,
          append: (...given) => written(() => conversations.append(...given)),
          close: (...given) => written(() => conversations.close(...given)),
        },
      },
    });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => phone.framesHeard > 10, 'the greeting is heard');
    isAway = true;
    phone.socket.close();
    await eventually(() => staged.worker.openCalls === 0, 'the line is lost');
    const before = performance.now();
    const again = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    expect(performance.now() - before).toBeLessThan(3_500);
    await eventually(() => again.framesHeard > 0, 'the call goes on');
    isAway = false;
    again.socket.close();
    await Promise.all([staged.worker.close(), memory.worker.close()]);
  });

  it('keeps nothing once the call has ended', async () => {
    const staged = await stageWorker({ contexts: [callContext('c1')], providersFor: scriptedProviders });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    await eventually(() => staged.calls.get('c1')?.kept != null, 'it is kept while it lasts');
    await staged.worker.close();
    await eventually(() => staged.calls.get('c1')?.kept === null, 'and forgotten after that');
    phone.stop();
  });
});
