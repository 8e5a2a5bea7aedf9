import type { ProviderLog } from '../provider-log.js';

/** Keeps what is logged. */
export class RecordingLog implements ProviderLog {
  readonly lines: { level: string; message: string; fields: object }[] = [];

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', message, fields });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', message, fields });
  }
}
