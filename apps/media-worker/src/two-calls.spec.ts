import type { CallContext } from '@carillon/contracts';
import type { LlmRequest } from '@carillon/pipeline';
import { createRealClock, ScriptedLlm, ScriptedStt, ScriptedTts, ScriptedVad } from '@carillon/testing';
import { TestPhone, callContext, eventually, openSocket, stageWorker } from './media-worker.spec-support.js';

/** Two calls at once in one worker, each with words and a tone that the other must never see or hear. */
const CALLS = [
  { id: 'first', word: 'pelican', voice: 3_000, tone: 7_000 },
  { id: 'second', word: 'walrus', voice: 4_000, tone: 9_000 },
] as const;

const lastUserLine = ({ messages }: LlmRequest) => messages.findLast(({ role }) => role === 'user')?.content ?? '';

describe('two calls in one media worker', () => {
  it('share nothing: not their words, their audio, their claims or their logs', async () => {
    const clock = createRealClock();
    const vad = new ScriptedVad();
    // One model for both, which repeats whatever it was told.
    const llm = new ScriptedLlm({ clock, answers: (request) => `You said ${lastUserLine(request)}.`, ttftMs: 10, tokenMs: 1 });
    const staged = await stageWorker({
      contexts: CALLS.map(({ id, word }) => callContext(id, { variables: { password: word } })),
      providersFor: ({ callId }: CallContext) => {
        const { word, tone } = CALLS.find(({ id }) => id === callId) ?? CALLS[0];
        const stt = new ScriptedStt({ utterances: () => `my word is ${word}` });
        return { vad, llm, stt, tts: new ScriptedTts({ clock, ttfbMs: 10, msPerCharacter: 4, level: tone }) };
      },
    });
    const phones = await Promise.all(
      CALLS.map(async ({ id, voice }) => new TestPhone(await openSocket(await staged.mediaUrl(id), `connection-${id}`), voice)),
    );
    const said = (id: string) => staged.live.flatMap((event) => (event.type === 'call.said' && event.callId === id ? [event.content] : []));
    await eventually(() => CALLS.every(({ id }) => said(id).length >= 1), 'both greetings were said');
    for (const phone of phones) phone.speak(600);
    await eventually(() => CALLS.every(({ id }) => said(id).length >= 3), 'both were answered', 8_000);
    for (const phone of phones) phone.socket.close();
    await eventually(() => staged.wrapUps.length === 2, 'both are wrapped up');
    await staged.worker.close();

    const [first, second] = CALLS;
    for (const [call, other, phone] of [
      [first, second, phones[0]],
      [second, first, phones[1]],
    ] as const) {
      const transcript = JSON.stringify([...(staged.calls.get(call.id)?.messages.values() ?? [])]);
      expect(transcript).toContain(`You said my word is ${call.word}.`);
      expect(transcript).not.toContain(other.word);
      expect([...(phone?.heard ?? [])].filter((sample) => sample !== 0)).toEqual([call.tone]);
      const lines = staged.logLines.filter((line) => line.includes(`"callId":"${call.id}"`)).join('');
      expect(lines).toContain(call.word);
      expect(lines).not.toContain(other.word);
    }
    for (const { messages } of llm.requests) {
      const text = JSON.stringify(messages);
      expect(CALLS.filter(({ word }) => text.includes(word))).toHaveLength(1);
    }
    expect(staged.logLines.filter((line) => CALLS.some(({ word }) => line.includes(word) && !line.includes('callId')))).toEqual([]);
  }, 20_000);
});
