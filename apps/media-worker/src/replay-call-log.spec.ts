import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLogger } from '@carillon/platform';
import { openCallLogs } from './file-call-logs.js';
import { TestPhone, callContext, closed, eventually, openSocket, stageWorker } from './media-worker.spec-support.js';

const log = createLogger('media-worker', { level: 'silent', pii: false });
const root = join(__dirname, '../../..');
const ASKED_FOR = callContext('c1', { conversation: { event_log: 'full' } });

describe('the log that a real call leaves in CALL_LOG_DIR', () => {
  let dir = '';
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'call-logs-'))));
  afterEach(() => rm(dir, { recursive: true }));

  /** A greeting, one exchange, and the person hangs up. */
  async function call(pii: boolean, context = ASKED_FOR): Promise<void> {
    const callLogs = await openCallLogs({ media: { callLogDir: join(dir, 'new') }, log: { pii } }, log);
    const staged = await stageWorker({ contexts: [context], callLogs });
    const phone = new TestPhone(await openSocket(await staged.mediaUrl('c1')));
    const said = (persona: string) => staged.live.filter((event) => event.type === 'call.said' && event.persona === persona).length;
    await eventually(() => said('assistant') === 1, 'the greeting is heard');
    phone.speak(400);
    await eventually(() => said('human') === 1, 'the person is heard');
    const gone = closed(phone.socket);
    phone.socket.close();
    await gone;
    await eventually(() => staged.wrapUps.includes('c1'), 'the call is wrapped up');
    await callLogs?.settled();
    await staged.worker.close();
  }

  it('is played again by npm run replay with the same effects, and holds nothing that was said', async () => {
    await call(false);
    const path = join(dir, 'new', 'c1-1.ndjson');
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain('hello there');
    const { stdout } = await promisify(execFile)(process.execPath, ['tools/replay.mjs', path], { cwd: root, env: {} });
    expect(JSON.parse(stdout)).toMatchObject({ result: 'replay', same: true });
  });

  it('holds what was said only where the logs of the installation may hold it too', async () => {
    await call(true);
    expect(await readFile(join(dir, 'new', 'c1-1.ndjson'), 'utf8')).toContain('hello there');
  });

  it('is not there where the campaign asks for none, or the installation keeps none', async () => {
    await call(true, callContext('c1'));
    expect(await readdir(join(dir, 'new'))).toEqual([]);
    expect(await openCallLogs({ media: { callLogDir: '' }, log: { pii: true } }, log)).toBeUndefined();
  });
});
