import { readFileSync } from 'node:fs';

/** Speech of the fixtures, 16 kHz; kept as 8-bit mu-law. Spoken by Flite. */
export function recordedSpeech(name: 'speech-slt' | 'speech-rms'): Int16Array {
  const bytes = readFileSync(new URL(`./fixtures/${name}.ulaw`, import.meta.url));
  return Int16Array.from(bytes, decodeMuLaw);
}

function decodeMuLaw(byte: number): number {
  const bits = ~byte & 255;
  const magnitude = ((((bits & 15) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return bits & 128 ? -magnitude : magnitude;
}
