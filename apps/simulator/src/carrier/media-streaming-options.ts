import { z } from 'zod';
import { invalidArgument } from './acs-error.js';

/** What createCall asked for, checked. */
export interface MediaStreamingOptions {
  transportUrl: string;
  mixed: boolean;
  startAtOnce: boolean;
  /** Without it nothing that the server sends is played, and nobody says so. */
  bidirectional: boolean;
  dtmfTones: boolean;
  sampleRate: 16_000 | 24_000;
}

/** Documentation and samples mix spellings, so enum values are compared without regard to case. */
const word = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z
    .string()
    .transform((value) => value.toLowerCase())
    .pipe(z.enum(values));

export const mediaStreamingSchema = z.object({
  transportUrl: z.url(),
  transportType: word('websocket'),
  contentType: word('audio').optional(),
  audioChannelType: word('mixed', 'unmixed'),
  startMediaStreaming: z.boolean().default(false),
  enableBidirectional: z.boolean().default(false),
  audioFormat: word('pcm16kmono', 'pcm24kmono').default('pcm16kmono'),
  enableDtmfTones: z.boolean().default(false),
});

/** Throws a 400 error of the service. */
export function mediaStreamingOptionsOf(asked: z.infer<typeof mediaStreamingSchema>, strict: boolean): MediaStreamingOptions {
  if (!isReachable(asked.transportUrl, 'wss:', strict)) throw invalidArgument('mediaStreamingOptions.transportUrl must be a wss URL.');
  return {
    transportUrl: asked.transportUrl,
    mixed: asked.audioChannelType === 'mixed',
    startAtOnce: asked.startMediaStreaming,
    bidirectional: asked.enableBidirectional,
    dtmfTones: asked.enableDtmfTones,
    sampleRate: asked.audioFormat === 'pcm24kmono' ? 24_000 : 16_000,
  };
}

/** The service takes the secure scheme only; unless it is strict, the emulator takes the plain one on a loopback host as well. */
export function isReachable(url: string, secure: 'https:' | 'wss:', strict: boolean): boolean {
  const { protocol, hostname } = new URL(url);
  if (protocol === secure) return true;
  const loopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return !strict && loopback && `${protocol.slice(0, -1)}s:` === secure;
}
