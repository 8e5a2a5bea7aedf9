import { FRAME_MS } from './frame-ticker.js';

/** What a server may say on the media socket. */
export type ServerMessage = { kind: 'audio'; pcm: Int16Array } | { kind: 'stop' } | { kind: 'other' };

const frameBytes = (sampleRate: number): number => (sampleRate / 1_000) * FRAME_MS * 2;
const silence = (sampleRate: number): string => Buffer.alloc(frameBytes(sampleRate)).toString('base64');
/** Of a frame. */
const SILENCE_BASE64 = { 16_000: silence(16_000), 24_000: silence(24_000) } as const;

export function audioMetadata(subscriptionId: string, sampleRate: 16_000 | 24_000): string {
  return JSON.stringify({
    kind: 'AudioMetadata',
    audioMetadata: { subscriptionId, encoding: 'PCM', sampleRate, channels: 1, length: frameBytes(sampleRate) },
  });
}

export interface FrameLabel {
  /** Null in mixed streams: it is left out. */
  participant: string | null;
  sampleRate: 16_000 | 24_000;
  at: Date;
}

/** `pcm` null is silence. */
export function audioData(pcm: Int16Array | null, { participant, sampleRate, at }: FrameLabel): string {
  const data = pcm === null ? SILENCE_BASE64[sampleRate] : Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  const who = participant === null ? '' : `"participantRawID":"${participant}",`;
  return `{"kind":"AudioData","audioData":{"timestamp":"${at.toISOString()}",${who}"data":"${data}","silent":${pcm === null}}}`;
}

export function dtmfData(tone: string): string {
  return JSON.stringify({ kind: 'DtmfData', dtmfData: { data: tone } });
}

/** Names are read without regard to case, and the kind decides, not which members are there. Null for what is no such message. */
export function readServerMessage(text: string): ServerMessage | null {
  const message = members(parse(text));
  const kind = message?.get('kind');
  if (!message || typeof kind !== 'string') return null;
  switch (kind.toLowerCase()) {
    case 'audiodata': {
      const pcm = pcmOf(members(message.get('audiodata'))?.get('data'));
      return pcm && { kind: 'audio', pcm };
    }
    case 'stopaudio':
      return { kind: 'stop' };
    default:
      return { kind: 'other' };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // counted as malformed
  }
}

function members(value: unknown): Map<string, unknown> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function pcmOf(base64: unknown): Int16Array | null {
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return null;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % 2 !== 0) return null;
  const pcm = new Int16Array(bytes.length / 2);
  bytes.copy(Buffer.from(pcm.buffer));
  return pcm;
}
