import { StagedCall, type ScriptedAnswer, type ScriptedUtterance, type StagedCallOptions, type TtsFault } from '@carillon/testing';
import fc from 'fast-check';
import { joinText } from '../text/join-text.js';

/** Whole calls with a person, a model and a voice that do as they like, on the real interpreter. */
interface Story {
  speech: (Omit<ScriptedUtterance, 'text' | 'finalText'> & { pauseMs: number; durationMs: number; words: number; mended: boolean })[];
  answers: ScriptedAnswer[];
  faults: (TtsFault | null)[];
  /** When the recogniser's stream breaks. */
  breaksAtMs: number[];
  endsAtMs: number;
}

const mostly = <T>(usual: T, rare: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 6, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: rare });

const speech = fc.record({
  pauseMs: fc.integer({ min: 200, max: 4_000 }),
  durationMs: fc.integer({ min: 60, max: 2_500 }),
  words: fc.integer({ min: 0, max: 6 }),
  finalAfterMs: fc.oneof(fc.constant<number | null>(200), fc.integer({ min: 100, max: 1_500 }), fc.constant(null)),
  mended: fc.boolean(),
  finalLateMs: mostly<number | undefined>(undefined, fc.integer({ min: 20, max: 2_000 })),
  finalAgainMs: mostly<number | undefined>(undefined, fc.integer({ min: 20, max: 1_200 })),
});

const answer = fc.record<ScriptedAnswer>({
  text: fc.constantFrom('Yes.', 'I see, thank you. And what else would you like to know?', 'One, two, three, four. Five and six!', ''),
  calls: mostly<ScriptedAnswer['calls']>(
    [],
    fc.constantFrom([{ name: 'updated_claim', arguments: {} }], [{ name: 'end_call', arguments: {} }]),
  ),
  ttftMs: fc.integer({ min: 0, max: 1_500 }),
  fails: mostly<ScriptedAnswer['fails']>(undefined, fc.constantFrom('at-once', 'after-text')),
  hangs: mostly<ScriptedAnswer['hangs']>(undefined, fc.constantFrom('at-once', 'after-text')),
});

const stories = (faults: fc.Arbitrary<TtsFault | null>): fc.Arbitrary<Story> =>
  fc.record({
    speech: fc.array(speech, { minLength: 1, maxLength: 8 }),
    answers: fc.array(answer, { maxLength: 10 }),
    faults: fc.array(faults, { maxLength: 10 }),
    breaksAtMs: fc.array(fc.integer({ min: 100, max: 20_000 }), { maxLength: 2 }),
    endsAtMs: fc.integer({ min: 500, max: 25_000 }),
  });

interface Staged {
  call: StagedCall;
  /** At each clearing: frames sent and utterances synthesised until then. */
  clears: { at: number; frames: number; utterances: number }[];
}

async function stage(story: Story, plan: StagedCallOptions['plan'] = {}): Promise<Staged> {
  const call = new StagedCall({ plan, answers: story.answers, tts: { faults: story.faults, level: (ordinal) => 2_000 + ordinal } });
  const clears: Staged['clears'] = [];
  call.media.clear = () => void clears.push({ at: call.clock.now(), frames: call.media.frames.length, utterances: call.tts.spoken.length });
  let at = 0;
  let word = 0;
  for (const { pauseMs, durationMs, words, mended, ...finals } of story.speech) {
    const spoken = Array.from({ length: words }, () => `w${(word += 1)}`);
    const finalText = mended ? [...spoken, `w${(word += 1)}`].join(' ') : undefined;
    call.says({ text: spoken.join(' '), finalText, ...finals }, at + pauseMs, durationMs);
    at += pauseMs + durationMs;
  }
  for (const at of story.breaksAtMs.filter((breaksAt) => breaksAt < story.endsAtMs)) call.clock.setTimer(at, () => call.stt.fail());
  call.start();
  await call.until(story.endsAtMs);
  call.person.stop();
  call.session.end('remote');
  await call.until(story.endsAtMs);
  return { call, clears };
}

const wordsOf = (texts: string[]): string[] => texts.flatMap((text) => text.split(' '));

/** As the transcript holds them in the end. */
function wordsTold({ observer: { said, revised } }: StagedCall): Set<string> {
  const contents = new Map(said.map(({ id, content }) => [id, content]));
  for (const { id, content } of revised) contents.set(id, content);
  return new Set(wordsOf([...contents.values()]));
}

/** The voice had wanted nothing, and what was stopped goes on: that is no cut. */
function wasResumed({ observer }: StagedCall, clear: { at: number }, next: { at: number } | undefined): boolean {
  return observer.signs.some(
    (sign) => sign.type === 'false-pause' && sign.stopped && sign.at >= clear.at && sign.at <= (next?.at ?? Infinity),
  );
}

const RUNS = { numRuns: 60 };
jest.setTimeout(30_000);

describe('a call of any course', () => {
  it('ends cleanly: no error of ours, no timer left, everything told', async () => {
    const anyFault = mostly<TtsFault | null>(null, fc.constantFrom('fails', 'breaks-off', 'hangs', 'empty'));
    await fc.assert(
      fc.asyncProperty(stories(anyFault), async (story) => {
        const { call } = await stage(story);
        expect(call.observer.errors.filter(({ stage: where }) => where === 'session')).toEqual([]);
        expect(call.clock.pending).toBe(0);
        expect(call.session.state.phase.name).toBe('ended');
        expect(wordsOf(call.stt.finals).filter((word) => !wordsTold(call).has(word))).toEqual([]);
        expect(call.observer.hangUps.length).toBeLessThanOrEqual(1);
      }),
      RUNS,
    );
  });

  it('has each word once, however late and often its final transcripts come into a silence', async () => {
    const unhurried = speech.map((one) => ({ ...one, pauseMs: 7_000 + one.pauseMs, finalAfterMs: one.finalAfterMs ?? 200 }));
    await fc.assert(
      fc.asyncProperty(fc.array(unhurried, { minLength: 1, maxLength: 4 }), async (speech) => {
        const { call } = await stage({ speech, answers: [], faults: [], breaksAtMs: [], endsAtMs: 45_000 });
        const transcripts = new Map(call.observer.said.map(({ id, content }) => [id, content]));
        for (const { id, content } of call.observer.revised) transcripts.set(id, content);
        const words = wordsOf([...transcripts.values()]).filter((word) => /^w\d+$/.test(word));
        expect(words).toEqual([...new Set(words)]);
      }),
      RUNS,
    );
  });

  it('plays nothing that was cut off, claims nothing that was not said, and counts every millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(stories(fc.constant(null)), async (story) => {
        const { call, clears } = await stage(story);
        for (const [i, clear] of clears.entries()) {
          if (wasResumed(call, clear, clears[i + 1])) continue;
          const { frames, utterances } = clear;
          const after = call.media.frames.slice(frames).map(({ level }) => level - 2_000);
          expect(after.filter((ordinal) => ordinal < utterances)).toEqual([]);
        }
        const texts = call.tts.spoken.map(({ text }) => text);
        for (const { persona, content } of call.observer.said) {
          if (persona === 'assistant') expect(texts.some((_, from) => texts.slice(from).reduce(joinText).startsWith(content))).toBe(true);
        }
        for (const { replyMs, ...parts } of call.observer.ledgers) {
          expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(replyMs);
        }
      }),
      RUNS,
    );
  });

  it('is the same to the frame whether or not machines are watched for, as long as nobody is taken for one', async () => {
    const machines = { on_machine: 'retry_later', message: null } as const;
    await fc.assert(
      fc.asyncProperty(stories(fc.constant(null)), async (story) => {
        const [watched, unwatched] = [(await stage(story, { machines })).call, (await stage(story)).call];
        fc.pre(!watched.observer.answers.some((news) => news.type === 'verdict' && news.kind === 'machine'));
        expect(watched.media.frames).toEqual(unwatched.media.frames);
        expect(watched.observer.said).toEqual(unwatched.observer.said);
        expect(watched.clock.pending).toBe(0);
      }),
      RUNS,
    );
  });
});
