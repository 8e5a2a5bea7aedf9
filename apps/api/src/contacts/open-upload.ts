import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { CarillonError } from '@carillon/contracts';
import busboy from 'busboy';
import { bodyOf } from '../http/read-body.js';

const RAW_TYPES = ['text/csv', 'application/csv', 'text/plain', 'application/vnd.ms-excel', 'application/octet-stream'];
const FILE_FIELD = 'file';

/** The bytes of the uploaded file, from a raw body or a form, as they arrive. Throws `unsupported_media_type` at once, `csv_unreadable` on the way. */
export function openUpload(request: IncomingMessage): AsyncIterable<Buffer> {
  const { 'content-type': contentType = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') throw unsupported('content-encoding', `"${encoding}" is not taken; send the file uncompressed`);
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (RAW_TYPES.includes(type)) return fileOfBody(request);
  if (type === 'multipart/form-data') return fileOfForm(request);
  throw unsupported(
    'content-type',
    `"${type.slice(0, 60)}" is not taken; send the file as text/csv, or as the field "file" of multipart/form-data`,
  );
}

async function* fileOfBody(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* bodyOf(request);
  } catch (error) {
    throw new CarillonError('csv_unreadable', [{ field: FILE_FIELD, message: 'The upload was cut off' }], { cause: error });
  }
}

async function* fileOfForm(request: IncomingMessage): AsyncGenerator<Buffer> {
  const form = openForm(request);
  const abort = () => form.destroy(new Error('the request was cut off'));
  request.once('aborted', abort);
  try {
    yield* (await firstFile(request, form)).iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw formFault(`The form cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
  } finally {
    request.off('aborted', abort);
    request.unpipe(form);
    form.destroy();
    request.resume(); // what is left of the body is dropped, so that the caller reads our answer
  }
}

function openForm(request: IncomingMessage): busboy.Form {
  try {
    return busboy({ headers: request.headers, limits: { files: 1, fields: 20, parts: 30, fieldSize: 10_000 } });
  } catch (error) {
    throw formFault('The form has no boundary in its content type; let your HTTP client set this header', error);
  }
}

function firstFile(request: IncomingMessage, form: busboy.Form): Promise<Readable> {
  return new Promise((resolve, reject) => {
    form.on('file', (name, file) => {
      file.on('error', () => undefined); // who reads it is told; when nobody does any more, it must not end the process
      if (name === FILE_FIELD) return resolve(file);
      reject(new Error(`its file is in the field "${name.slice(0, 40)}"; use the field "${FILE_FIELD}"`));
    });
    form.on('error', reject);
    form.on('close', () => reject(new Error(`it has no file in the field "${FILE_FIELD}"`)));
    request.pipe(form);
  });
}

function unsupported(field: string, message: string): CarillonError {
  return new CarillonError('unsupported_media_type', [{ field, message }]);
}

function formFault(message: string, cause: unknown): CarillonError {
  return new CarillonError('csv_unreadable', [{ field: FILE_FIELD, message }], { cause });
}
