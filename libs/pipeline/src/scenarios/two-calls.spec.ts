import { StagedCall, VirtualClock } from '@carillon/testing';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

function secretCall(clock: VirtualClock, secret: string, level: number): StagedCall {
  const call = new StagedCall({ clock, answers: [`I keep ${secret} for you.`], tts: { level } });
  return call.says(`my word is ${secret}`, 1_600, 800).start();
}

it('two calls in one process do not mix', async () => {
  const clock = new VirtualClock();
  const [first, second] = [secretCall(clock, 'walrus', 5_000), secretCall(clock, 'teapot', 6_000)];
  await clock.advanceTo(8_000);
  const traces = [first, second].map((call) => JSON.stringify([call.observer, call.llm.requests, call.tts.spoken, call.session.state]));
  expect(traces[0]).toContain('I keep walrus for you.');
  expect(traces[0]).not.toContain('teapot');
  expect(traces[1]).toContain('I keep teapot for you.');
  expect(traces[1]).not.toContain('walrus');
  expect(new Set(first.media.frames.map(({ level }) => level))).toEqual(new Set([5_000]));
  expect(new Set(second.media.frames.map(({ level }) => level))).toEqual(new Set([6_000]));
});

it('a call that is over is let go of, even by providers that keep their listeners', async () => {
  const kept: unknown[] = [];
  const reference = await runAndForget(kept);
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  await new Promise((resolve) => setImmediate(resolve));
  collect();
  expect(kept.length).toBeGreaterThan(0);
  expect(reference.deref()).toBeUndefined();
});

/** Runs a call to its end; what stays behind are the listeners that its providers keep. */
async function runAndForget(kept: unknown[]): Promise<WeakRef<object>> {
  const plan = { systemPrompt: () => 'secret prompt' };
  const call = new StagedCall({ plan }).says('I am fine', 1_600, 800);
  const speak = call.tts.speak.bind(call.tts);
  call.tts.speak = (request, listener) => {
    kept.push(listener);
    return speak(request, listener);
  };
  call.start();
  await call.until(4_000);
  call.person.stop();
  call.session.end('remote');
  await call.until(4_001);
  return new WeakRef(plan.systemPrompt);
}
