import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { RedactedLog, type CallLog } from '@carillon/pipeline';
import type { CarillonConfig, Logger } from '@carillon/platform';

/** A call that outruns its disk loses the rest of its log, not its memory. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** Keeps the logs of calls, one file each, for `npm run replay`. */
export interface CallLogs {
  open(call: { callId: string; epoch: number }, content: 'redacted' | 'full'): CallLog;
}

/** Undefined where the installation keeps none. What was said stands in them only where personal data may stand in its logs at all. */
export async function openCallLogs(
  { media, log: { pii } }: { media: Pick<CarillonConfig['media'], 'callLogDir'>; log: Pick<CarillonConfig['log'], 'pii'> },
  log: Logger,
): Promise<(CallLogs & Pick<FileCallLogs, 'settled'>) | undefined> {
  if (media.callLogDir === '') return undefined;
  await mkdir(media.callLogDir, { recursive: true });
  const logs = new FileCallLogs(media.callLogDir, log);
  return { open: (call, content) => logs.open(call, pii ? content : 'redacted'), settled: () => logs.settled() };
}

export class FileCallLogs implements CallLogs {
  private readonly writing = new Set<Promise<void>>();

  constructor(
    private readonly dir: string,
    private readonly log: Logger,
  ) {}

  open({ callId, epoch }: { callId: string; epoch: number }, content: 'redacted' | 'full'): CallLog {
    const stream = createWriteStream(join(this.dir, `${callId}-${epoch}.ndjson`));
    let broken = false;
    const written = finished(stream).catch((error: unknown) => {
      broken = true;
      this.log.warn({ err: error, callId }, 'the log of a call could not be written');
    });
    this.writing.add(written);
    void written.then(() => this.writing.delete(written));
    const file: CallLog = {
      append(line) {
        if (stream.writableLength > MAX_WAITING_BYTES) broken = true;
        if (!broken) stream.write(`${JSON.stringify(line)}\n`);
      },
      close: () => void stream.end(),
    };
    return content === 'redacted' ? new RedactedLog(file) : file;
  }

  /** All logs that were closed are on disk. */
  async settled(): Promise<void> {
    await Promise.all(this.writing);
  }
}
