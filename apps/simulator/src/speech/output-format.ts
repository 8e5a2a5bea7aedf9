/** Encodes 16 kHz speech as the client asked for it; undefined for a format that this service cannot make. */
export function outputEncoder(format: string): ((pcm: Int16Array) => Buffer) | undefined {
  switch (format) {
    case 'raw-16khz-16bit-mono-pcm':
      return bytesOf;
    case 'raw-24khz-16bit-mono-pcm':
      return (pcm) => bytesOf(resampled(pcm, 24_000));
    case 'raw-8khz-16bit-mono-pcm':
      return (pcm) => bytesOf(resampled(pcm, 8_000));
    default:
      return undefined;
  }
}

function bytesOf(pcm: Int16Array): Buffer {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}

/** By straight lines between samples: good enough to be listened to. */
function resampled(pcm: Int16Array, rate: number): Int16Array {
  const step = 16_000 / rate;
  return Int16Array.from({ length: Math.floor(pcm.length / step) }, (_, index) => {
    const at = index * step;
    const before = pcm[Math.floor(at)] ?? 0;
    const after = pcm[Math.floor(at) + 1] ?? before;
    return before + (after - before) * (at % 1);
  });
}
