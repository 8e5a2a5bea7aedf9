import type { ClaimField } from '@carillon/contracts';
import type { ToolExecutor } from '../index.js';
import { StagedCall, type ScriptedUtterance } from '@carillon/testing';

const fields: ClaimField[] = [{ name: 'name', type: 'text' }];
const note = (value: string) => ({ name: 'updated_claim', arguments: { updates: [{ field: 'name', value }] } });

describe('a tool round', () => {
  it('stores the value, tells the model, and is one answer to the ear', async () => {
    const call = new StagedCall({ fields, answers: [{ text: 'I am noting that.', calls: [note('Ann')] }, 'How old are you?'] });
    call.says('my name is Ann', 1_600, 800).start();
    await call.until(8_000);

    expect(call.observer.claims).toEqual([{ name: 'Ann' }]);
    expect(call.llm.requests[1]?.messages[0]?.content).toContain('{"name":"Ann"}');
    expect(call.llm.requests[1]?.messages.slice(-2)).toMatchObject([
      { role: 'assistant', content: 'I am noting that.', toolCalls: [{ id: 'call-1', name: 'updated_claim' }] },
      { role: 'tool', toolCallId: 'call-1', content: '{"updated":{"name":"Ann"},"rejected":[],"missing":[]}' },
    ]);
    expect(call.observer.said.at(-1)).toMatchObject({
      content: 'I am noting that. How old are you?',
      toolCalls: [{ id: 'call-1', name: 'updated_claim', content: '{"updated":{"name":"Ann"},"rejected":[],"missing":[]}' }],
    });
  });

  it('without a word is waited for, and its time shows in the ledger', async () => {
    const call = new StagedCall({ fields, answers: [{ calls: [note('Ann')] }, 'How old are you?'] });
    call.says('my name is Ann', 1_600, 800).start();
    await call.until(6_000);
    expect(call.observer.ledgers).toMatchObject([{ llmFirstTokenMs: 400 }]); // two rounds of 200
  });

  it('is repeated five times at most; then the model has to speak', async () => {
    const call = new StagedCall({ fields, answers: (_, ordinal) => ({ calls: [note(`Ann ${ordinal}`)] }) });
    call.says('my name is Ann', 1_600, 800).start();
    await call.until(9_000);
    expect(call.llm.requests.map((request) => request.tools.length)).toEqual([2, 2, 2, 2, 2, 0, 0, 0, 0]); // the last was tried three times more
    expect(call.observer.transcript.at(-1)).toContain('Sorry, a problem.');
  });

  it('is not undone when the person interrupts, and both utterances stay', async () => {
    const call = new StagedCall({ fields, answers: [{ calls: [note('Ann')] }, { text: 'Thanks.', ttftMs: 900 }] });
    call.says('my name is Ann', 1_600, 800).says('and I am forty', 3_360, 640).start();
    await call.until(6_000);
    expect(call.session.state.history.map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'assistant: Hello, this is Adam.',
      'user: my name is Ann',
      'assistant: ',
      'tool: {"updated":{"name":"Ann"},"rejected":[],"missing":[]}',
      'user: and I am forty',
      'assistant: All right.',
    ]);
  });

  describe('that takes its time', () => {
    /** "Let me check that." is heard from 3295 to 4375; the tool runs from 3145 for three seconds, or as long as it takes. */
    const booking = (text = 'Let me check that.', toolMs = 3_000) => {
      const runs: AbortSignal[] = [];
      const run: ToolExecutor['run'] = (_call, signal) => {
        runs.push(signal);
        return new Promise((resolve) => call.clock.setTimer(call.clock.now() + toolMs, () => resolve({ content: 'booked' })));
      };
      const answers = [{ text, calls: [{ name: 'book', arguments: {} }] }, 'It is booked.', 'Of course.'];
      const call: StagedCall = new StagedCall({ answers, tools: { definitions: [], run } }).says('Tuesday at nine', 1_600, 800);
      return { call, runs: () => runs.map(({ aborted }) => (aborted ? 'aborted' : 'done')) };
    };

    const checking = async (sound: string | ScriptedUtterance, at: number, durationMs: number, text?: string, toolMs?: number) => {
      const { call, runs } = booking(text, toolMs);
      await call.says(sound, at, durationMs).start().until(16_000);
      return { call, runs: runs() };
    };

    it.each([
      ['okay', 4_800, 320],
      ['mhm', 5_600, 480],
      ['uh huh', 4_800, 160], // of which "uh" is understood first
      ['', 4_800, 160],
      ['', 4_800, 480], // longer than it takes to stop a line
    ])('goes on under "%s", and runs once', async (sound, at, durationMs) => {
      const { call, runs } = await checking(sound, at, durationMs);
      expect(runs).toEqual(['done']);
      expect(call.llm.requests).toHaveLength(2);
      expect(call.observer.said[2]).toMatchObject({ content: 'Let me check that. It is booked.', interrupted: false });
      expect(call.observer.transcript.slice(3)).toEqual(sound === '' ? [] : [`human: ${sound}`]);
      expect(call.observer.interruptions).toBe(0);
    });

    it('goes on under a cough before a word of ours was heard, too', async () => {
      const { call, runs } = await checking('', 3_680, 160, '');
      expect(runs).toEqual(['done']);
      expect(call.observer.transcript.at(-1)).toContain('It is booked.');
    });

    it.each(['no wait', 'make it Wednesday'])('is broken off by "%s"', async (words) => {
      const { call, runs } = await checking(words, 4_800, 640);
      expect(runs).toEqual(['aborted']);
      expect(call.llm.requests[1]?.messages.slice(-2)).toMatchObject([
        { role: 'tool', content: expect.stringContaining('nothing is known') },
        { role: 'user', content: words },
      ]);
    });

    it.each([
      ['Wednesday', 200, 500],
      ['make it Wednesday', 220, 900], // understood when nobody waits for it any more
    ])('is broken off by "%s" in its silence, however short the voice is', async (text, durationMs, finalAfterMs) => {
      const { call, runs } = await checking({ text, interims: false, finalAfterMs }, 5_000, durationMs, 'Let me check that.', 8_000);
      expect(runs).toEqual(['aborted']);
      expect(call.llm.requests.map(({ messages }) => messages.at(-1)?.content)).toEqual(['Tuesday at nine', text]);
      expect(call.tts.spoken.at(-1)?.at).toBeLessThan(5_000 + durationMs + finalAfterMs + 300); // answered at once
      expect(call.observer.transcript.slice(2)).toEqual(['assistant: Let me check that.', `human: ${text}`, 'assistant: It is booked.']);
    });

    it.each([
      ['is broken off by a word of which no more', 'Wednesday', null, 'aborted'],
      ['goes on under the beginning of a sign of listening, of which more', 'uh', 'uh huh', 'done'],
    ])('%s than an interim transcript comes', async (_what, interim, final, ends) => {
      const { call, runs } = booking(undefined, 8_000);
      call.start().person.speaks(5_000, 200);
      await call.until(5_300);
      call.stt.interim(interim);
      await call.until(5_400);
      if (final !== null) call.stt.final(final);
      await call.until(16_000);
      expect(runs()).toEqual([ends]);
    });

    it('goes on under a word that was said over the line before, which is answered after it', async () => {
      const { call, runs } = await checking({ text: 'Wednesday', interims: false }, 3_680, 160);
      expect(runs).toEqual(['done']);
      expect(call.observer.transcript.slice(2)).toEqual([
        'assistant: Let me check that. It is booked.',
        'human: Wednesday',
        'assistant: Of course.',
      ]);
    });

    it('and longer than that: the person hears once that it does, 4 s after the last word', async () => {
      const { call, runs } = await checking('', 14_000, 160, 'Let me check that.', 8_000);
      expect(runs).toEqual(['done']);
      expect(call.tts.spoken.slice(2).map(({ at, text }) => [at, text])).toEqual([
        [8_375, 'One moment.'],
        [11_375, 'It is booked.'],
      ]);
      expect(call.session.state.history.filter(({ role }) => role === 'assistant').map(({ content }) => content)).not.toContain(
        'One moment.',
      );
    });

    it('waits with its answer for a person who speaks', async () => {
      const { call } = await checking('', 6_000, 480);
      // The answer is there at 6525. The voice has lasted 250 ms with the frame of 6240, and 600 ms later nothing was understood.
      expect(call.media.frames.find(({ at }) => at > 4_400)?.at).toBe(6_840);
      expect(call.observer.said[2]).toMatchObject({ content: 'Let me check that. It is booked.', interrupted: false });
    });
  });

  it('that throws is told to the model', async () => {
    const tools: ToolExecutor = {
      definitions: [],
      run: () => {
        throw new Error('no database');
      },
    };
    const call = new StagedCall({ tools, answers: [{ calls: [note('Ann')] }, 'Sorry.'] }).says('I am Ann', 1_600, 800).start();
    await call.until(6_000);
    expect(call.observer.errors).toEqual([{ message: 'no database', stage: 'tools' }]);
    expect(call.observer.transcript.at(-1)).toBe('assistant: Sorry.');
  });
});
