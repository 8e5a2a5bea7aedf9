import { ClipRecogniser } from './clip-recogniser.js';

/** Something that sounds different for each seed, with quiet ends as speech has them. */
function clip(seed: number, samples: number): Int16Array {
  let state = seed;
  return Int16Array.from({ length: samples }, (_, index) => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fffffff;
    return index < 300 || index > samples - 300 ? 20 : (state >> 12) % 9_000;
  });
}

function withPause(first: Int16Array, second: Int16Array, samples: number): Int16Array {
  return Int16Array.from([...first, ...new Int16Array(samples), ...second]);
}

async function hear(recogniser: ClipRecogniser, ...utterances: Int16Array[]): Promise<string[]> {
  const session = recogniser.open(() => undefined);
  const texts: string[] = [];
  for (const utterance of utterances) {
    session.feed(new Int16Array(3_200));
    for (let at = 0; at < utterance.length; at += 320) session.feed(utterance.subarray(at, at + 320));
    session.feed(new Int16Array(2_560));
    texts.push((await session.finish()).text);
  }
  return texts;
}

describe('finding clips again', () => {
  const hello = clip(1, 16_000);
  const name = clip(2, 24_000);

  it('knows the text of a clip it was told of, wherever it begins, and of nothing else', async () => {
    const recogniser = new ClipRecogniser();
    recogniser.register(hello, 'hello there');
    recogniser.register(name, 'my name is ann');
    expect(await hear(recogniser, hello, name, clip(3, 16_000))).toEqual(['hello there', 'my name is ann', '']);
  });

  it('follows one clip after the other in one utterance', async () => {
    const recogniser = new ClipRecogniser();
    recogniser.register(hello, 'hello there');
    recogniser.register(name, 'my name is ann');
    expect(await hear(recogniser, withPause(hello, name, 3_000))).toEqual(['hello there my name is ann']);
  });

  it('tells two clips apart that begin alike', async () => {
    const recogniser = new ClipRecogniser();
    const other = Int16Array.from([...name.subarray(0, 12_000), ...clip(4, 12_000)]);
    recogniser.register(name, 'my name is ann');
    recogniser.register(other, 'my name is bob');
    expect(await hear(recogniser, other, name)).toEqual(['my name is bob', 'my name is ann']);
  });

  it('tells only the words that were heard when somebody breaks off', async () => {
    const recogniser = new ClipRecogniser();
    recogniser.register(name, 'my name is ann');
    expect(await hear(recogniser, name.subarray(0, 14_000))).toEqual(['my name']);
  });

  it('goes on after a pause inside a clip that cut it in two', async () => {
    const recogniser = new ClipRecogniser();
    recogniser.register(withPause(hello, clip(5, 16_000), 9_600), 'yes it is mine');
    expect(await hear(recogniser, hello, clip(5, 16_000))).toEqual(['yes', 'it is mine']);
  });

  it('tells what was heard so far on the way', () => {
    const recogniser = new ClipRecogniser();
    recogniser.register(name, 'my name is ann');
    const partials: string[] = [];
    const session = recogniser.open((text) => partials.push(text));
    for (let at = 0; at < name.length; at += 320) session.feed(name.subarray(at, at + 320));
    expect(partials).toEqual(['', 'my', 'my', 'my name', 'my name is']);
  });
});
