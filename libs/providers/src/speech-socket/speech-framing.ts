import { randomUUID } from 'node:crypto';

/** What the speech service says: its path in lower case, and the turn that it belongs to. */
export interface SpeechMessage {
  path: string;
  requestId: string;
  body: string;
}

const LINE_END = '\r\n';
const HEADER_END = LINE_END + LINE_END;
/** A binary message begins with the length of its header. */
const LENGTH_BYTES = 2;
const WAVE_HEADER_BYTES = 44;

/** 32 hexadecimal digits, as the service wants them. */
export function newRequestId(): string {
  return randomUUID().replaceAll('-', '').toUpperCase();
}

export function textMessage(path: string, requestId: string, body: object): string {
  return `${head(path, requestId)}Content-Type: application/json${HEADER_END}${JSON.stringify(body)}`;
}

/** The first audio message of a turn: what the bytes of the next ones are. */
export function waveMessage(requestId: string): Buffer {
  return binaryMessage(`${head('audio', requestId)}Content-Type: audio/x-wav${LINE_END}`, waveHeader());
}

/** 16-bit samples, 16 kHz, mono. The audio is copied. */
export function audioMessage(requestId: string, audio: Uint8Array): Buffer {
  return binaryMessage(head('audio', requestId), audio);
}

/** Undefined for what is no message of the protocol: no header, no path, or no request id. */
export function readSpeechMessage(data: Buffer, isBinary: boolean): SpeechMessage | undefined {
  const headerAt = isBinary ? LENGTH_BYTES : 0;
  const headerEnd = isBinary ? binaryHeaderEnd(data) : data.indexOf(HEADER_END);
  if (headerEnd < headerAt) return undefined;
  const header = data.toString('latin1', headerAt, headerEnd);
  const path = fieldOf(header, 'path');
  const requestId = fieldOf(header, 'x-requestid');
  if (path === '' || requestId === '') return undefined;
  const body = data.toString('utf8', isBinary ? headerEnd : headerEnd + HEADER_END.length);
  return { path: path.toLowerCase(), requestId: requestId.toUpperCase(), body };
}

function head(path: string, requestId: string): string {
  return `Path: ${path}${LINE_END}X-RequestId: ${requestId}${LINE_END}X-Timestamp: ${new Date().toISOString()}${LINE_END}`;
}

function binaryMessage(header: string, payload: Uint8Array): Buffer {
  const message = Buffer.allocUnsafe(LENGTH_BYTES + header.length + payload.length);
  message.writeUInt16BE(header.length, 0);
  message.write(header, LENGTH_BYTES, 'latin1');
  message.set(payload, LENGTH_BYTES + header.length);
  return message;
}

/** RIFF/WAVE for PCM; the sizes are 0, since nobody knows how long a call will be. */
function waveHeader(): Buffer {
  const header = Buffer.alloc(WAVE_HEADER_BYTES);
  header.write('RIFF', 0);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16); // length of the format that follows
  header.writeUInt16LE(1, 20); // PCM
  header.writeUInt16LE(1, 22); // mono
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28); // bytes a second
  header.writeUInt16LE(2, 32); // bytes a sample
  header.writeUInt16LE(16, 34); // bits a sample
  header.write('data', 36);
  return header;
}

/** −1 where the message is shorter than it says. */
function binaryHeaderEnd(data: Buffer): number {
  if (data.length < LENGTH_BYTES) return -1;
  const end = LENGTH_BYTES + data.readUInt16BE(0);
  return end <= data.length ? end : -1;
}

function fieldOf(header: string, name: string): string {
  for (const line of header.split(LINE_END)) {
    const colon = line.indexOf(':');
    if (line.slice(0, colon).trim().toLowerCase() === name) return line.slice(colon + 1).trim();
  }
  return '';
}
