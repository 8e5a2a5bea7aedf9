import type { LlmDelta, Ms } from '@carillon/pipeline';
import { createRealClock } from './real-clock.js';
import { ScriptedLlm } from './scripted-llm.js';
import { ScriptedStt } from './scripted-stt.js';
import { ScriptedTts } from './scripted-tts.js';
import { ScriptedVad } from './scripted-vad.js';
import { VirtualClock } from './virtual-clock.js';

const voice = new Int16Array(320).fill(3_000);
const silence = new Int16Array(320);

/** 20 ms frames, the first ending at 20: voice for `voiced` of them, then silence. */
function frames(voiced: number, quiet: number): Int16Array[] {
  return [...Array.from({ length: voiced }, () => voice), ...Array.from({ length: quiet }, () => silence)];
}

describe('the scripted voice detector', () => {
  it('tells voice from silence in windows of 32 ms', () => {
    const seen: [number, Ms][] = [];
    const stream = new ScriptedVad().open((probability, at) => seen.push([probability, at]));
    frames(8, 8).forEach((frame, index) => stream.push(frame, (index + 1) * 20));
    expect(seen).toEqual([32, 64, 96, 128, 160, 192, 224, 256, 288, 320].map((at) => [at <= 160 ? 0.95 : 0.02, at]));
  });

  it('says nothing after it was closed', () => {
    const seen: number[] = [];
    const stream = new ScriptedVad().open((probability) => seen.push(probability));
    stream.close();
    frames(8, 0).forEach((frame, index) => stream.push(frame, (index + 1) * 20));
    expect(seen).toEqual([]);
  });
});

describe('the scripted recogniser', () => {
  it('shows a word more each 100 ms, and is final 200 ms after the voice', () => {
    const heard: string[] = [];
    let at = 0;
    const stream = new ScriptedStt({ utterances: ['one two three'] }).open(
      { language: 'en-US', phrases: [] },
      {
        interim: (text) => heard.push(`${at} ${text}`),
        final: (text) => heard.push(`${at} final ${text}`),
        failed: () => heard.push('failed'),
      },
    );
    for (const frame of frames(20, 20)) {
      at += 20;
      stream.push(frame);
    }
    expect(heard).toEqual(['100 one', '200 one two', '300 one two three', '600 final one two three']);
  });
});

describe('the scripted model', () => {
  const answer = { text: 'Yes I do.', calls: [{ name: 'end_call', arguments: { reason: 'x' } }] };

  it('streams at its pace, then calls its tools', async () => {
    const clock = new VirtualClock();
    const deltas: [Ms, LlmDelta['type']][] = [];
    const llm = new ScriptedLlm({ clock, answers: [answer] });
    const task = (async () => {
      for await (const delta of llm.stream({ messages: [], tools: [] }, new AbortController().signal))
        deltas.push([clock.now(), delta.type]);
    })();
    await clock.advance(1_000);
    await task;
    expect(deltas).toEqual([
      [200, 'text'],
      [215, 'text'],
      [230, 'text'],
      [230, 'tool_call'],
      [230, 'usage'],
    ]);
  });

  it('stops at once when it is aborted, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const abort = new AbortController();
    const llm = new ScriptedLlm({ clock, answers: [answer] });
    const task = llm.stream({ messages: [], tools: [] }, abort.signal)[Symbol.asyncIterator]().next();
    await clock.advance(100);
    abort.abort();
    await expect(task).rejects.toThrow('aborted');
    expect([llm.aborted, clock.pending]).toEqual([1, 0]);
  });
});

describe('the scripted voice', () => {
  it('speaks for as long as the text is, faster than it is heard', async () => {
    const clock = new VirtualClock();
    const heard: [Ms, number][] = [];
    const tts = new ScriptedTts({ clock });
    const request = { text: 'Ten chars.', voice: 'v', language: 'en-US', style: 'none', rate: 1, sampleRate: 16_000 } as const;
    let doneAt = -1;
    tts.speak(request, {
      audio: (pcm) => heard.push([clock.now(), pcm.length / 16]),
      done: () => (doneAt = clock.now()),
      failed: () => undefined,
    });
    await clock.advance(1_000);
    expect(heard).toEqual([
      [150, 200],
      [200, 200],
      [250, 200],
    ]);
    expect(doneAt).toBe(250);
  });
});

it('the scripts run on the real clock as well', async () => {
  const llm = new ScriptedLlm({ clock: createRealClock(), answers: ['Yes.'], ttftMs: 1 });
  const types: string[] = [];
  for await (const delta of llm.stream({ messages: [], tools: [] }, new AbortController().signal)) types.push(delta.type);
  expect(types).toEqual(['text', 'usage']);
});
