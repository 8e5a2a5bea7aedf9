import type { CampaignReport } from './api-client.js';
import type { DemoResult, FieldMistake } from './result.js';

/** The report a person reads; stderr, so that stdout ends with the JSON line. */
export function printReport(
  out: NodeJS.WritableStream,
  result: DemoResult,
  report: CampaignReport,
  mistakes: readonly FieldMistake[],
): void {
  const rate = result.calls === 0 ? 0 : Math.round((100 * result.answered) / result.calls);
  const lines = [
    '',
    'Report',
    `  contacts        ${result.contacts}, all in a final state but ${result.lost}`,
    `  calls           ${result.calls}, ${result.answered} answered (${rate} %), ${result.double_dials} double dials by the carrier's count`,
    `  outcomes        ${Object.entries(result.dispositions)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ')}`,
    `  voicemails      ${result.voicemails.recognised} of ${result.voicemails.called} recognised, ${result.voicemails.messages_recorded} with our message, ${result.voicemails.mistaken} others taken for one`,
    `  reply latency   p50 ${milliseconds(result.reply_latency_ms.p50)}, p95 ${milliseconds(result.reply_latency_ms.p95)} over ${report.reply_latency_ms.n} replies (last voiced sample → first reply frame)`,
    `  fields          ${result.fields_correct} of ${result.fields_expected} as the people said them; ${result.conversations_complete} conversations complete`,
    '',
    'Collected',
    ...report.collected
      .filter((row) => Object.keys(row.claim).length > 0)
      .map((row) => `  ${row.phone_number.padEnd(14)} ${(row.disposition ?? '').padEnd(16)} ${JSON.stringify(row.claim)}`),
    ...mistakes.map(
      (mistake) =>
        `  ✗ ${mistake.phone} ${mistake.field}: expected ${JSON.stringify(mistake.expected)}, collected ${JSON.stringify(mistake.collected)}`,
    ),
    '',
  ];
  out.write(`${lines.join('\n')}\n`);
}

function milliseconds(value: number | null): string {
  return value === null ? 'none' : `${Math.round(value)} ms`;
}
