import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { CarillonError, type FieldError } from '@carillon/contracts';
import type { Logger } from '@carillon/platform';
import busboy from 'busboy';
import { bodyOf } from '../http/read-body.js';

const RAW_TYPES = ['text/csv', 'application/csv', 'text/plain', 'application/vnd.ms-excel', 'application/octet-stream'];
const FILE_FIELD = 'file';

/** A file on its way, with what the client said of it. */
export interface Upload {
  /** The bytes as they arrive; throws `csv_unreadable` when they break off, `upload_stalled` when they stand still. To be read, even if only its beginning. */
  file: AsyncIterable<Buffer>;
  /** It came in a form: what follows the file may spoil it. */
  isForm: boolean;
  fileName: string | null;
  /** Of the body: of a form a little more than the file. */
  sizeBytes: number | null;
  /** Fields of the form. They come before the file: one after it ends the file with a `FormFault`. */
  fields: Record<string, string>;
  /** Nobody reads it any more: the rest of the body is dropped, so that the caller reads our answer. */
  drop(): void;
}

/** Nothing comes from the client for so long: it holds a place that others wait for. */
export const STALLED_MS = 120_000;

/** The form says after the file how the file should have been read: what was read of it was read wrongly. */
export class FormFault extends CarillonError {
  constructor(field: FieldError) {
    super('invalid_body', [field]);
    this.name = 'FormFault';
  }
}

/**
 * An uploaded file, from a raw body or a form; waits until it begins. Throws `unsupported_media_type` at once, `csv_unreadable` and `upload_stalled` on the way.
 */
export async function receiveUpload(request: IncomingMessage, log: Pick<Logger, 'warn'>): Promise<Upload> {
  const { 'content-type': contentType = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') throw unsupported('content-encoding', `"${encoding}" is not taken; send the file uncompressed`);
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const inTime = stallWatch(request, log);
  if (type === 'multipart/form-data') return receiveForm(request, inTime);
  if (RAW_TYPES.includes(type)) {
    const about = { fileName: null, sizeBytes: sizeOf(request), fields: {}, isForm: false };
    return { ...about, file: fileOfBody(request, inTime), drop: () => request.resume() };
  }
  throw unsupported(
    'content-type',
    `"${type.slice(0, 60)}" is not taken; send the file as text/csv, or as the field "file" of multipart/form-data`,
  );
}

function sizeOf(request: IncomingMessage): number | null {
  const { 'content-length': length } = request.headers;
  return length === undefined ? null : Number(length);
}

/** Waits for what the client sends next. `stirred`, when something has come: it begins to wait anew. */
type InTime = <Result>(next: (stirred: () => void) => Promise<Result>) => Promise<Result>;

/**
 * Throws `upload_stalled` when the client is silent for too long. Only the waits for it are timed: while we are busy with what has come, or wait for a lock or a place, it owes
 * us nothing.
 */
function stallWatch({ url = '' }: IncomingMessage, log: Pick<Logger, 'warn'>): InTime {
  return async (next) => {
    let timer: NodeJS.Timeout | undefined;
    const stalled = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        log.warn({ path: url.split('?', 1)[0], stalledMs: STALLED_MS }, 'an upload stood still and was given up');
        reject(
          new CarillonError('upload_stalled', [
            { field: FILE_FIELD, message: `nothing came for ${STALLED_MS / 60_000} min; send it again` },
          ]),
        );
      }, STALLED_MS);
    });
    try {
      return await Promise.race([next(() => timer?.refresh()), stalled]);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function* piecesOf(pieces: AsyncIterator<Buffer>, inTime: InTime): AsyncGenerator<Buffer> {
  try {
    for (;;) {
      const piece = await inTime(() => pieces.next());
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    pieces.return?.().catch(() => undefined); // not waited for: one that stood still would never return
  }
}

async function* fileOfBody(request: IncomingMessage, inTime: InTime): AsyncGenerator<Buffer> {
  try {
    yield* piecesOf(bodyOf(request)[Symbol.asyncIterator](), inTime);
  } catch (error) {
    if (error instanceof CarillonError) throw error;
    throw new CarillonError('csv_unreadable', [{ field: FILE_FIELD, message: 'The upload was cut off' }], { cause: error });
  } finally {
    setImmediate(() => request.resume()); // what is left of the body is dropped, so that the caller reads our answer
  }
}

async function receiveForm(request: IncomingMessage, inTime: InTime): Promise<Upload> {
  const form = openForm(request);
  const abort = () => form.destroy(new Error('the request was cut off'));
  request.once('aborted', abort);
  const close = () => {
    request.off('aborted', abort);
    request.unpipe(form);
    form.destroy();
    request.resume(); // what is left of the body is dropped, so that the caller reads our answer
  };
  try {
    const { stream, rest, ...told } = await inTime((stirred) => firstFile(request, form, stirred));
    const file = fileOfForm(stream, { rest, close, inTime });
    return { ...told, sizeBytes: sizeOf(request), isForm: true, file, drop: close };
  } catch (error) {
    close();
    throw error instanceof CarillonError ? error : unreadableForm(error);
  }
}

interface FormEnd {
  rest: Promise<void>;
  close: () => void;
  inTime: InTime;
}

async function* fileOfForm(stream: Readable, { rest, close, inTime }: FormEnd): AsyncGenerator<Buffer> {
  try {
    yield* piecesOf(stream.iterator({ destroyOnReturn: false }) as NodeJS.AsyncIterator<Buffer>, inTime);
    await inTime(() => rest);
  } catch (error) {
    throw error instanceof CarillonError ? error : unreadableForm(error);
  } finally {
    close();
  }
}

function openForm(request: IncomingMessage): busboy.Form {
  try {
    return busboy({ headers: request.headers, limits: { files: 1, fields: 20, parts: 30, fieldSize: 100_000 } });
  } catch (error) {
    throw formFault('The form has no boundary in its content type; let your HTTP client set this header', error);
  }
}

interface FormFile extends Pick<Upload, 'fileName' | 'fields'> {
  stream: Readable;
  /** What comes after the file; throws when that is more than the form's end. */
  rest: Promise<void>;
}

function firstFile(request: IncomingMessage, form: busboy.Form, stirred: () => void): Promise<FormFile> {
  const fields: Record<string, string> = {};
  return new Promise((resolve, reject) => {
    form.on('field', (name, value) => {
      stirred();
      fields[name] = value;
    });
    form.on('file', (name, stream, { filename }) => {
      stream.on('error', () => undefined); // who reads it is told; when nobody does any more, it must not end the process
      if (name === FILE_FIELD) return resolve({ stream, rest: restOf(form), fields: { ...fields }, fileName: filename ?? null });
      reject(new Error(`its file is in the field "${name.slice(0, 40)}"; use the field "${FILE_FIELD}"`));
    });
    form.on('error', reject);
    form.on('close', () => reject(new Error(`it has no file in the field "${FILE_FIELD}"`)));
    request.pipe(form);
  });
}

/** What the file is read by must be known before it: its first rows are stored while the last are on their way. */
function restOf(form: busboy.Form): Promise<void> {
  const rest = new Promise<void>((resolve, reject) => {
    form.on('field', (name) => {
      const message = 'came after the file; send the fields of the form first, and the file last';
      reject(new FormFault({ field: name.slice(0, 40), message }));
    });
    form.on('filesLimit', () => reject(new FormFault({ field: FILE_FIELD, message: 'is there more than once; send each file by itself' })));
    form.on('error', reject);
    form.on('close', resolve);
  });
  rest.catch(() => undefined); // told to who reads the file to its end, if anybody does
  return rest;
}

function unsupported(field: string, message: string): CarillonError {
  return new CarillonError('unsupported_media_type', [{ field, message }]);
}

function unreadableForm(error: unknown): CarillonError {
  return formFault(`The form cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
}

function formFault(message: string, cause: unknown): CarillonError {
  return new CarillonError('csv_unreadable', [{ field: FILE_FIELD, message }], { cause });
}
