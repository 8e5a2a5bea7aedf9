import { FakeTransport, VirtualClock } from '@carillon/testing';
import { Playout } from './playout.js';

const MS = 16;
const tone = (ms: number, level = 4_000): Int16Array => new Int16Array(ms * MS).fill(level);

function setUp() {
  const clock = new VirtualClock(1_000);
  const media = new FakeTransport(clock);
  const log: string[] = [];
  const listener = {
    started: (gen: number, phrase: number) => void log.push(`${clock.now()} started ${gen}/${phrase}`),
    played: (gen: number, phrase: number) => void log.push(`${clock.now()} played ${gen}/${phrase}`),
  };
  const playout = new Playout(clock, media, listener, (error) => {
    throw error;
  });
  return { clock, media, log, playout };
}

describe('the playout clock', () => {
  it('sends the first frame at once, 300 ms ahead, and reports what was heard to its end', async () => {
    const { clock, media, log, playout } = setUp();
    playout.open(1, 0, 'Hello.');
    playout.audio(1, 0, tone(1_000));
    expect(media.frames).toHaveLength(15);
    playout.done(1, 0);
    await clock.advanceTo(1_500); // topped up at 1480, next at 1520
    expect(media.frames.length).toBe((480 + 300) / 20);
    await clock.advanceTo(3_000);
    expect(media.frames).toHaveLength(50);
    expect(log).toEqual(['1000 started 1/0', '2000 played 1/0']);
    expect(clock.pending).toBe(0);
  });

  it('takes few timers: one for each 40 ms', async () => {
    const { clock, playout } = setUp();
    let timers = 0;
    const setTimer = clock.setTimer.bind(clock);
    clock.setTimer = (at, callback) => {
      timers += 1;
      return setTimer(at, callback);
    };
    playout.open(1, 0, 'Hello.');
    playout.audio(1, 0, tone(2_000));
    playout.done(1, 0);
    await clock.advanceTo(4_000);
    expect(timers).toBeLessThanOrEqual(2_000 / 40 + 2);
  });

  it('catches up when its timer comes late, without a gap', async () => {
    const { clock, media, playout } = setUp();
    const setTimer = clock.setTimer.bind(clock);
    clock.setTimer = (at, callback) => setTimer(at + 150, callback);
    playout.open(1, 0, 'Hello.');
    playout.audio(1, 0, tone(1_000));
    await clock.advanceTo(1_200); // due at 1040, come at 1190: ten frames at once
    expect(media.frames).toHaveLength(15 + 10);
    await clock.advanceTo(2_000);
    expect(playout.underruns).toBe(0);
  });

  it('plays phrases one after the other, without a gap', async () => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'One.');
    playout.open(1, 1, 'Two.');
    playout.audio(1, 0, tone(400));
    playout.done(1, 0);
    playout.audio(1, 1, tone(390));
    playout.done(1, 1);
    await clock.advanceTo(3_000);
    // The last frame of a phrase is filled up: 390 ms are 20 frames.
    expect(log.filter((line) => line.includes('played'))).toEqual(['1400 played 1/0', '1800 played 1/1']);
  });

  it('knows how much was heard when it is cut', async () => {
    const { clock, media, playout } = setUp();
    playout.open(7, 0, 'One.');
    playout.open(7, 1, 'Two.');
    playout.audio(7, 0, tone(400));
    playout.done(7, 0);
    playout.audio(7, 1, tone(800));
    playout.done(7, 1);
    await clock.advanceTo(1_600);
    expect(playout.cut(7)).toEqual({ gen: 7, phrase: 1, share: 0.25 });
    expect(media.clears).toEqual([1_600]);
    const { length } = media.frames;
    await clock.advanceTo(5_000);
    expect(media.frames).toHaveLength(length);
    expect(clock.pending).toBe(0);
  });

  it('is within the first of two phrases, though the second is on its way', async () => {
    const { clock, playout } = setUp();
    playout.open(7, 0, 'One.');
    playout.open(7, 1, 'Two.');
    playout.audio(7, 0, tone(400));
    playout.done(7, 0);
    playout.audio(7, 1, tone(800));
    await clock.advanceTo(1_300);
    expect(playout.cut(7)).toEqual({ gen: 7, phrase: 0, share: 0.75 });
  });

  it('guesses the length of a phrase whose audio is not complete', async () => {
    const { clock, playout } = setUp();
    playout.open(7, 0, 'x'.repeat(20)); // 1300 ms at 65 per character
    playout.audio(7, 0, tone(400));
    await clock.advanceTo(1_325);
    expect(playout.cut(7)).toEqual({ gen: 7, phrase: 0, share: 0.25 });
  });

  it('counts a phrase that runs dry, and goes on when there is audio', async () => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'Hello.');
    playout.audio(1, 0, tone(100));
    await clock.advanceTo(1_500);
    playout.audio(1, 0, tone(100));
    playout.done(1, 0);
    await clock.advanceTo(2_000);
    expect(playout.underruns).toBe(1);
    expect(log).toEqual(['1000 started 1/0', '1600 played 1/0']);
  });

  it('cuts away silence before the voice, 400 ms at most', () => {
    const { media, playout } = setUp();
    playout.open(1, 0, 'Hello.');
    playout.audio(1, 0, tone(300, 50));
    expect(media.frames).toHaveLength(0);
    playout.audio(1, 0, tone(300, 50));
    expect(media.frames).toHaveLength(10); // 600 − 400, and 10 of lead-in
    playout.drop(1);
    playout.open(2, 0, 'Hello.');
    playout.audio(2, 0, tone(20, 0));
    playout.audio(2, 0, tone(100));
    expect(media.frames[10]?.level).toBe(4_000);
  });

  it('forgets a generation that was dropped, whatever still comes of it', () => {
    const { media, playout } = setUp();
    playout.open(1, 0, 'Hello.');
    playout.drop(1);
    playout.audio(1, 0, tone(100));
    playout.done(1, 0);
    expect(media.frames).toHaveLength(0);
  });
});

describe('an agent that is held back', () => {
  /** A thousand milliseconds of audio for 20 characters. */
  function speaking(text = 'one two three four .') {
    const all = setUp();
    all.playout.open(1, 0, text);
    all.playout.audio(1, 0, tone(1_000));
    all.playout.done(1, 0);
    return all;
  }

  it('lets what is on its way be heard, and goes on without a gap when that is soon', async () => {
    const { clock, media, log, playout } = speaking();
    await clock.advanceTo(1_200);
    playout.hold(1);
    const { length } = media.frames;
    await clock.advanceTo(1_400);
    expect(media.frames).toHaveLength(length);
    playout.release(1);
    await clock.advanceTo(3_000);
    expect(log.at(-1)).toBe('2000 played 1/0');
    expect(playout.underruns).toBe(0);
  });

  it('says the word again in which it was stopped', async () => {
    const { clock, media, log, playout } = speaking();
    await clock.advanceTo(1_500);
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 0.5 }); // in "three": 7 of 20 characters were heard before it
    expect(media.clears).toEqual([1_500]);
    const { length } = media.frames;
    await clock.advanceTo(2_000);
    expect(media.frames).toHaveLength(length);
    playout.release(1);
    await clock.advanceTo(4_000);
    // frame 17 of 50 is the first that begins before 350 ms: 33 are left
    expect(log.filter((line) => line.includes('played'))).toEqual(['2660 played 1/0']);
    expect(playout.underruns).toBe(0);
  });

  it('says the word again in which it was stopped where its times are told, however uneven the words are', async () => {
    const { clock, log, playout } = speaking('I unquestionably do .');
    playout.words(1, 0, [
      { offset: 0, length: 1, beginMs: 0, endMs: 560 },
      { offset: 2, length: 14, beginMs: 560, endMs: 720 },
      { offset: 17, length: 2, beginMs: 800, endMs: 1_000 },
    ]);
    await clock.advanceTo(1_900);
    // by the characters it would be the middle of the long word
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 17 / 21 });
    playout.release(1);
    await clock.advanceTo(4_000);
    expect(log.at(-1)).toBe('2100 played 1/0'); // 200 ms are left
  });

  it.each([
    ['where the times of its words are told', [{ offset: 0, length: 20, beginMs: 0, endMs: 990 }]],
    ['where nobody told of them', []],
  ])('comes to the end of a line that is stopped after its last frame, which was not full, %s', async (_how, words) => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'one two three four .');
    playout.words(1, 0, words);
    playout.audio(1, 0, tone(990));
    playout.done(1, 0);
    await clock.advanceTo(1_990);
    clock.block(15); // all was heard by 2000, and is not reported yet
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 1 });
    playout.release(1);
    await clock.advanceTo(4_000);
    expect(log.filter((line) => line.includes('played'))).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('counts the times of words with the silence that it has cut away before them', async () => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'one two');
    playout.words(1, 0, [
      { offset: 0, length: 3, beginMs: 210, endMs: 600 },
      { offset: 4, length: 3, beginMs: 610, endMs: 1_010 },
    ]);
    playout.audio(1, 0, tone(210, 0));
    playout.audio(1, 0, tone(800));
    playout.done(1, 0);
    await clock.advanceTo(1_500); // 710 ms of what was delivered
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 4 / 7 });
    playout.release(1);
    await clock.advanceTo(4_000);
    expect(log.at(-1)).toBe('1900 played 1/0'); // from 400 of 800 ms on
  });

  it('goes on where the voice is quietest when nobody told of the words', async () => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'one two three four .');
    playout.audio(1, 0, tone(240));
    playout.audio(1, 0, tone(20, 0)); // between two words, 90 ms before the place that the characters tell
    playout.audio(1, 0, tone(740));
    playout.done(1, 0);
    await clock.advanceTo(1_500);
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 0.5 });
    playout.release(1);
    await clock.advanceTo(4_000);
    expect(log.at(-1)).toBe('2260 played 1/0'); // 760 ms are left
  });

  it('leaves nothing out that was not heard, though it were quieter there', async () => {
    const { clock, log, playout } = setUp();
    playout.open(1, 0, 'one two three four .');
    playout.audio(1, 0, tone(420));
    playout.audio(1, 0, tone(580, 0));
    playout.done(1, 0);
    await clock.advanceTo(1_400);
    playout.pause(1);
    playout.release(1);
    await clock.advanceTo(4_000);
    expect(log.at(-1)).toBe('2060 played 1/0'); // from frame 17 of 50 on, as by the characters
  });

  it('says a phrase again that was on its way behind the one in which it was stopped', async () => {
    const { clock, log, playout } = speaking();
    playout.open(1, 1, 'Two.');
    playout.audio(1, 1, tone(400));
    playout.done(1, 1);
    await clock.advanceTo(1_900); // 100 ms of the second are on their way
    expect(playout.pause(1)).toEqual({ gen: 1, phrase: 0, share: 0.9 });
    playout.release(1); // "four" was whole: 100 ms of the first are left
    await clock.advanceTo(4_000);
    expect(log.filter((line) => line.includes('played'))).toEqual(['2000 played 1/0', '2400 played 1/1']);
  });

  it('sends nothing of a draft before it is released', async () => {
    const { clock, media, playout } = setUp();
    playout.hold(5);
    playout.open(5, 0, 'Hello.');
    playout.audio(5, 0, tone(200));
    playout.done(5, 0);
    await clock.advanceTo(2_000);
    expect(media.frames).toHaveLength(0);
    playout.release(5);
    expect(media.frames).toHaveLength(10);
  });
});
