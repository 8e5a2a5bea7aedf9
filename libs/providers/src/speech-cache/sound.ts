import type { WordMark } from '@carillon/pipeline';

/** An utterance that was synthesised to its end. Shared between calls: nobody writes to it. */
export interface Sound {
  pcm: Int16Array;
  /** None where the provider tells none. */
  words: readonly WordMark[];
}

/** What comes of an utterance while it is synthesised. */
export type SpeechPiece = Int16Array | readonly WordMark[];

export function soundOf(pieces: readonly SpeechPiece[]): Sound {
  const audio = pieces.filter((piece) => piece instanceof Int16Array);
  const pcm = new Int16Array(audio.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of audio) {
    pcm.set(piece, at);
    at += piece.length;
  }
  return { pcm, words: pieces.flatMap((piece) => (piece instanceof Int16Array ? [] : piece)) };
}

const LENGTH_BYTES = 4;
const HEADER_BYTES = 2 * LENGTH_BYTES;

/** A sound as a file: how many bytes its words and its samples take, the words as JSON, the samples. */
export function encodeSound({ pcm, words }: Sound): Uint8Array {
  const told = Buffer.from(JSON.stringify(words.map(({ offset, length, beginMs, endMs }) => [offset, length, beginMs, endMs])));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(told.length);
  header.writeUInt32LE(pcm.byteLength, LENGTH_BYTES);
  return Buffer.concat([header, told, new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength)]);
}

/** Undefined when it is no whole sound: a machine that fails may leave a file behind that is cut short, or has nothing but zeros in it. */
export function decodeSound(bytes: Buffer): Sound | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const samplesFrom = HEADER_BYTES + bytes.readUInt32LE();
  const samplesBytes = bytes.readUInt32LE(LENGTH_BYTES);
  if (samplesBytes === 0 || samplesBytes % 2 === 1 || bytes.length !== samplesFrom + samplesBytes) return undefined;
  const words = wordsOf(bytes.toString('utf8', HEADER_BYTES, samplesFrom));
  return words && { pcm: samplesOf(bytes.subarray(samplesFrom)), words };
}

/** A copy, at an address that samples may have. */
function samplesOf(bytes: Buffer): Int16Array {
  return new Int16Array(Uint8Array.from(bytes).buffer);
}

function wordsOf(json: string): WordMark[] | undefined {
  try {
    const rows: unknown = JSON.parse(json);
    return Array.isArray(rows) && rows.every(isRow)
      ? rows.map(([offset, length, beginMs, endMs]) => ({ offset, length, beginMs, endMs }))
      : undefined;
  } catch {
    return undefined; // not what we have written
  }
}

function isRow(row: unknown): row is [number, number, number, number] {
  return Array.isArray(row) && row.length === 4 && row.every((value) => typeof value === 'number');
}
