import { toneOf } from './acs-tones.js';
import { MediaProtocolError, type MediaCodec, type MediaMessage } from './media-codec.js';
import { readInstant } from './read-instant.js';

/** A frame of 20 ms is about 1 kB; more than this is no audio of a phone. */
const MAX_MESSAGE_BYTES = 64 * 1024;
const MAX_QUOTED = 80;

const AUDIO_START = Buffer.from('{"kind":"AudioData"');
const DATA_MEMBER = Buffer.from('"data":"');
const TIMESTAMP_MEMBER = Buffer.from('"timestamp":"');
const QUOTE = 0x22;
const CLOSING_BRACE = 0x7d;

// What the SDK's createOutboundAudioData and createOutboundStopAudioData write, byte by byte.
const AUDIO_PREFIX = Buffer.from('{"kind":"audioData","audioData":{"data":"');
const AUDIO_SUFFIX = Buffer.from('","isSilent":false},"stopAudio":{}}');
const STOP_AUDIO = Buffer.from('{"kind":"stopAudio","stopAudio":{}}');

/**
 * The media socket's dialect of ACS, without state. Written by hand because 50 frames a second and call pass here: the usual spelling
 * is scanned as bytes, any other one (the service and its samples mix cases) is parsed as JSON. PCM is little-endian, as is every
 * machine that Node runs on.
 */
export const acsMediaCodec: MediaCodec = {
  decode(data) {
    if (data.length > MAX_MESSAGE_BYTES)
      throw new MediaProtocolError(`a media message of ${data.length} bytes, at most ${MAX_MESSAGE_BYTES} are taken`);
    return scanAudio(data) ?? parseMessage(data);
  },
  encodeAudio(pcm) {
    const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
    const base64Length = Math.ceil(bytes.length / 3) * 4;
    const message = Buffer.allocUnsafe(AUDIO_PREFIX.length + base64Length + AUDIO_SUFFIX.length);
    AUDIO_PREFIX.copy(message, 0);
    message.write(bytes.toString('base64'), AUDIO_PREFIX.length, base64Length, 'latin1');
    AUDIO_SUFFIX.copy(message, AUDIO_PREFIX.length + base64Length);
    return message;
  },
  encodeClear: () => Buffer.from(STOP_AUDIO),
};

/**
 * The fast path: null when the message is not spelled the usual way. `"data":"` cannot occur inside a JSON string, whose quotes are
 * escaped, so the first one found is the member.
 */
function scanAudio(data: Buffer): MediaMessage | null {
  if (data.length < AUDIO_START.length || data.compare(AUDIO_START, 0, AUDIO_START.length, 0, AUDIO_START.length) !== 0) return null;
  const member = data.indexOf(DATA_MEMBER, AUDIO_START.length);
  if (member < 0 || data[data.length - 1] !== CLOSING_BRACE) return null;
  const start = member + DATA_MEMBER.length;
  const end = data.indexOf(QUOTE, start);
  if (end < 0) return null;
  const stamp = data.indexOf(TIMESTAMP_MEMBER, AUDIO_START.length);
  const sentAt = stamp < 0 || stamp > member ? null : readInstant(data, stamp + TIMESTAMP_MEMBER.length);
  return { type: 'audio', pcm: decodePcm(data.toString('latin1', start, end)), sentAt };
}

function parseMessage(data: Buffer): MediaMessage {
  const message = members(parseJson(data));
  const kind = message.get('kind');
  if (typeof kind !== 'string') throw new MediaProtocolError('a media message without a kind');
  switch (kind.toLowerCase()) {
    case 'audiometadata':
      return { type: 'format', sampleRate: sampleRateOf(members(message.get('audiometadata'))) };
    case 'audiodata': {
      const audio = members(message.get('audiodata'));
      const stamp = audio.get('timestamp');
      const sentAt = typeof stamp === 'string' ? readInstant(Buffer.from(stamp), 0) : null;
      return { type: 'audio', pcm: decodePcm(audio.get('data')), sentAt };
    }
    case 'dtmfdata': {
      const tone = toneOf(members(message.get('dtmfdata')).get('data'));
      return tone === null ? { type: 'other' } : { type: 'tone', tone };
    }
    default:
      return { type: 'other' };
  }
}

function parseJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch (error) {
    throw new MediaProtocolError('a media message that is no JSON', { cause: error });
  }
}

/** An object's members by lower-case name. */
function members(value: unknown): Map<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MediaProtocolError('a media message without its content');
  return new Map(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

function sampleRateOf(metadata: Map<string, unknown>): 16000 | 24000 {
  const [encoding, rate, channels] = [metadata.get('encoding'), metadata.get('samplerate'), metadata.get('channels')];
  if (typeof encoding === 'string' && encoding.toLowerCase() !== 'pcm') throw unsupported('encoding', encoding);
  if (channels !== undefined && channels !== 1 && channels !== 'mono') throw unsupported('number of channels', channels);
  if (rate !== 16000 && rate !== 24000) throw unsupported('sample rate', rate);
  return rate;
}

function unsupported(what: string, value: unknown): MediaProtocolError {
  return new MediaProtocolError(
    `unsupported ${what} ${JSON.stringify(value)?.slice(0, MAX_QUOTED)}: 16-bit mono PCM at 16 or 24 kHz is taken`,
  );
}

function decodePcm(base64: unknown): Int16Array {
  if (typeof base64 !== 'string') throw new MediaProtocolError('audio without data');
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const sizeBytes = (base64.length / 4) * 3 - padding;
  if (!Number.isInteger(sizeBytes) || sizeBytes % 2 !== 0) throw new MediaProtocolError('audio that is no base64 of 16-bit samples');
  // memory of its own: a view on Node's shared pool could not be handed to another thread
  const pcm = new Int16Array(sizeBytes / 2);
  const written = Buffer.from(pcm.buffer).write(base64, 0, sizeBytes, 'base64');
  if (written !== sizeBytes) throw new MediaProtocolError('audio that is no base64');
  return pcm;
}
