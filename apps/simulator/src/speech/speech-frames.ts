import type { RawData } from 'ws';

/** One message of the speech protocol, either direction. Header names are lower case. */
export interface SpeechFrame {
  path: string;
  requestId: string;
  headers: ReadonlyMap<string, string>;
  body: string | Buffer;
}

const HEADER_END = '\r\n\r\n';

/** Undefined for what is no message of the protocol. */
export function parseSpeechFrame(data: RawData, isBinary: boolean): SpeechFrame | undefined {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
  return isBinary ? parseBinary(bytes) : parseText(bytes.toString('utf8'));
}

function parseText(text: string): SpeechFrame | undefined {
  const end = text.indexOf(HEADER_END);
  if (end < 0) return undefined;
  return frameOf(text.slice(0, end), text.slice(end + HEADER_END.length));
}

/** Two bytes of header length, the header, the payload. */
function parseBinary(bytes: Buffer): SpeechFrame | undefined {
  if (bytes.length < 2) return undefined;
  const headerEnd = 2 + bytes.readUInt16BE(0);
  if (headerEnd > bytes.length) return undefined;
  return frameOf(bytes.toString('ascii', 2, headerEnd), bytes.subarray(headerEnd));
}

function frameOf(head: string, body: string | Buffer): SpeechFrame | undefined {
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  const path = headers.get('path');
  const requestId = headers.get('x-requestid');
  if (!path || !requestId) return undefined;
  return { path: path.toLowerCase(), requestId, headers, body };
}

export function textFrame(path: string, requestId: string, body: object): string {
  return `Path:${path}\r\nX-RequestId:${requestId}\r\nContent-Type:application/json; charset=utf-8${HEADER_END}${JSON.stringify(body)}`;
}

export function audioFrame(requestId: string, streamId: string, audio: Buffer): Buffer {
  const header = Buffer.from(`Path:audio\r\nX-RequestId:${requestId}\r\nX-StreamId:${streamId}\r\nContent-Type:audio/x-wav\r\n`, 'ascii');
  const length = Buffer.alloc(2);
  length.writeUInt16BE(header.length);
  return Buffer.concat([length, header, audio]);
}

/** The body as an object: empty when it is no JSON object. */
export function jsonBody(frame: SpeechFrame): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(frame.body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The value at a path of keys in nested objects. */
export function valueAt(object: unknown, ...keys: string[]): unknown {
  let value = object;
  for (const key of keys) value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return value;
}
