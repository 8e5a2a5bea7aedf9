import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { receiveUpload, STALLED_MS } from './open-upload.js';

/** What a client sends, piece by piece. */
class Request extends PassThrough {
  readonly url = '/campaigns/1/contacts?file_name=Ann.csv';

  constructor(readonly headers: Record<string, string>) {
    super();
  }

  get asMessage(): IncomingMessage {
    return this as unknown as IncomingMessage;
  }
}

const BEFORE_FILE = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
const raw = () => new Request({ 'content-type': 'text/csv' });
const form = () => new Request({ 'content-type': 'multipart/form-data; boundary=b' });
const settled = () => new Promise((resolve) => setImmediate(resolve));
const STALLED = { code: 'upload_stalled', status: 408, fields: [{ field: 'file', message: 'nothing came for 2 min; send it again' }] };

let lines: unknown[][];
const log = { warn: (...line: unknown[]) => void lines.push(line) };
beforeEach(() => {
  lines = [];
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
});
afterEach(() => jest.useRealTimers());

describe('an upload that stands still', () => {
  it.each([
    ['in a body', raw, 'phone\n'],
    ['in a form', form, `${BEFORE_FILE}phone\n`],
  ])('%s is told so after two minutes, and is in the log without its query', async (_where, open, beginning) => {
    const request = open();
    request.write(beginning);
    const { file } = await receiveUpload(request.asMessage, log);
    const pieces = file[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toBe('phone\n');
    const next = pieces.next().catch((error: unknown) => error);
    await settled();
    await jest.advanceTimersByTimeAsync(STALLED_MS);
    expect(await next).toMatchObject(STALLED);
    expect(lines).toEqual([[{ path: '/campaigns/1/contacts', stalledMs: 120_000 }, 'an upload stood still and was given up']]);
  });

  it('before its file begins is told so too, but each field counts as a sign of life', async () => {
    const request = form();
    const received = receiveUpload(request.asMessage, log).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(STALLED_MS - 1);
    request.write('--b\r\ncontent-disposition: form-data; name="dry_run"\r\n\r\ntrue\r\n--b\r\n');
    await settled();
    await jest.advanceTimersByTimeAsync(STALLED_MS - 1);
    expect(lines).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(await received).toMatchObject(STALLED);
  });

  it.each([
    ['in a body', raw, 'phone\n', ''],
    ['in a form', form, `${BEFORE_FILE}phone\n`, '\r\n--b--\r\n'],
  ])('%s because we are busy is read on as soon as we are not', async (_where, open, beginning, end) => {
    const request = open();
    request.write(beginning);
    const { file } = await receiveUpload(request.asMessage, log);
    const read: string[] = [];
    for await (const piece of file) {
      read.push(String(piece));
      await jest.advanceTimersByTimeAsync(10 * STALLED_MS); // a lock, a full database: the client could send nothing
      if (read.length === 1) request.write('+14155550132\n');
      else if (!request.writableEnded) request.end(end);
    }
    expect([read.join(''), lines]).toEqual(['phone\n+14155550132\n', []]);
  });

  it('leaves no timer behind when it has come', async () => {
    const request = raw();
    request.end('phone\n');
    const { file } = await receiveUpload(request.asMessage, log);
    for await (const _piece of file);
    expect(jest.getTimerCount()).toBe(0);
  });
});
