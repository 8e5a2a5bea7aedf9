/** What comes in over a media socket, whatever the carrier's dialect. */
export type MediaMessage =
  | { type: 'format'; sampleRate: 16000 | 24000 }
  /**
   * 16-bit mono PCM, usually 20 ms; kept also when the carrier calls it silent, because it carries time. `sentAt`: the carrier's own time of it (epoch ms),
   * of which only differences mean anything; null where it says none.
   */
  | { type: 'audio'; pcm: Int16Array; sentAt: number | null }
  | { type: 'tone'; tone: string }
  | { type: 'other' };

/** A carrier's media protocol: bytes in, messages out, and back. */
export interface MediaCodec {
  /** Throws {@link MediaProtocolError} on what is not this protocol. */
  decode(data: Buffer): MediaMessage;
  encodeAudio(pcm: Int16Array): Buffer;
  encodeClear(): Buffer;
}

export class MediaProtocolError extends Error {
  override readonly name = 'MediaProtocolError';
}
