import type { LlmDelta, LlmProvider } from '@carillon/pipeline';
import { type ScriptedAnswer, VirtualClock } from '@carillon/testing';

/** A provider whose service answers as the script says, on this clock. */
export type LlmUnderTest = (answer: ScriptedAnswer, clock: VirtualClock) => LlmProvider;

const request = { messages: [], tools: [] };

/** What every model behind the port does. */
export function llmContract(name: string, open: LlmUnderTest): void {
  describe(`${name} as a model`, () => {
    let clock: VirtualClock;
    let stop: AbortController;

    beforeEach(() => {
      clock = new VirtualClock();
      stop = new AbortController();
    });

    async function ask(answer: ScriptedAnswer, during: () => void = () => undefined): Promise<{ deltas: LlmDelta[]; error: unknown }> {
      const deltas: LlmDelta[] = [];
      let error: unknown;
      const reading = (async () => {
        for await (const delta of open(answer, clock).stream(request, stop.signal)) deltas.push(delta);
      })().catch((thrown: unknown) => (error = thrown));
      await clock.advance(500);
      during();
      await clock.advance(60_000);
      await reading;
      return { deltas, error };
    }

    it('gives text, then tool calls, and ends by itself', async () => {
      const { deltas, error } = await ask({ text: 'One moment please.', calls: [{ name: 'look_up', arguments: { id: 7 } }] });
      expect(error).toBeUndefined();
      const types = deltas.map(({ type }) => type).filter((type) => type !== 'usage');
      expect(types).toEqual(['text', 'text', 'text', 'tool_call']);
      expect(deltas.map((delta) => (delta.type === 'text' ? delta.text : '')).join('')).toBe('One moment please.');
      expect(deltas.find(({ type }) => type === 'tool_call')).toMatchObject({ call: { name: 'look_up', arguments: '{"id":7}' } });
    });

    it('throws when the service fails before the first word', async () => {
      const { deltas, error } = await ask({ text: 'Never said.', fails: 'at-once' });
      expect(deltas).toEqual([]);
      expect(error).toBeInstanceOf(Error);
    });

    it('throws when the service fails after some words, which stay said', async () => {
      const { deltas, error } = await ask({ text: 'Half an answer', fails: 'after-text' });
      expect(deltas.length).toBe(3);
      expect(error).toBeInstanceOf(Error);
    });

    it('throws the reason when it is broken off before the first word', async () => {
      const { deltas, error } = await ask({ hangs: 'at-once' }, () => stop.abort(new Error('barge-in')));
      expect(deltas).toEqual([]);
      expect(error).toBeInstanceOf(Error);
    });

    it('throws when it is broken off in the middle', async () => {
      const { deltas, error } = await ask({ text: 'Said so far', hangs: 'after-text' }, () => stop.abort(new Error('barge-in')));
      expect(deltas.length).toBe(3);
      expect(error).toBeInstanceOf(Error);
    });

    it('leaves no timer behind when who asked leaves early', async () => {
      const read = async () => {
        for await (const delta of open({ text: 'One two three four' }, clock).stream(request, stop.signal))
          if (delta.type === 'text') break;
      };
      const reading = read();
      await clock.advance(10_000);
      await reading;
      expect(clock.pending).toBe(0);
    });
  });
}
