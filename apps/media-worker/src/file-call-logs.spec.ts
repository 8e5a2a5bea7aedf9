import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replayCall, type CallLogLine } from '@carillon/pipeline';
import { createLogger } from '@carillon/platform';
import { StagedCall } from '@carillon/testing';
import { FileCallLogs } from './file-call-logs.js';

const log = createLogger('media-worker', { level: 'silent', pii: false });

async function recordedIn(dir: string, content: 'redacted' | 'full'): Promise<string> {
  const logs = new FileCallLogs(dir, log);
  const call = new StagedCall({ log: logs.open({ callId: 'c1', epoch: 2 }, content) }).says('I am Ann', 1_600, 800).start();
  await call.until(5_000);
  call.person.stop();
  call.session.end('remote');
  await logs.settled();
  return readFile(join(dir, 'c1-2.ndjson'), 'utf8');
}

describe('the log of a call', () => {
  let dir = '';
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'call-logs-'))));
  afterEach(() => rm(dir, { recursive: true }));

  it.each(['redacted', 'full'] as const)('is kept in a file of its own, %s, and can be replayed', async (content) => {
    const text = await recordedIn(dir, content);
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as CallLogLine);
    expect(replayCall(lines)).toMatchObject({ same: true });
    expect(text.includes('I am Ann')).toBe(content === 'full');
  });

  it('that cannot be written harms nobody', async () => {
    await expect(recordedIn(join(dir, 'nowhere'), 'full')).rejects.toThrow('ENOENT');
  });
});
