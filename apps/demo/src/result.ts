import type { CampaignView } from '@carillon/contracts';
import type { CampaignReport } from './api-client.js';
import { type CarrierLedger, type Expectation, sameValue } from './referee.js';

/** The last line of `npm start -- --exit`. */
export interface DemoResult {
  result: 'demo';
  contacts: number;
  calls: number;
  answered: number;
  conversations_complete: number;
  fields_expected: number;
  fields_correct: number;
  dispositions: Record<string, number>;
  double_dials: number;
  lost: number;
  /** Voicemails that were called, those recognised, those with a message of ours by their own record, and others who were taken for one. */
  voicemails: { called: number; recognised: number; messages_recorded: number; mistaken: number };
  reply_latency_ms: { p50: number | null; p95: number | null };
}

export interface FieldMistake {
  phone: string;
  field: string;
  expected: unknown;
  collected: unknown;
}

/**
 * Judges a finished campaign. Fields are expected of people who answered and are willing to talk, and judged against the facts that the
 * simulator gave them. Lost are contacts in no final state, and rows whose contact is in none of the states.
 */
export function judge(
  campaign: CampaignView,
  report: CampaignReport,
  {
    expectations,
    ledger,
    messagesRecorded,
  }: { expectations: Record<string, Expectation>; ledger: CarrierLedger; messagesRecorded: number },
): { result: DemoResult; mistakes: FieldMistake[] } {
  const mistakes: FieldMistake[] = [];
  let expectedCount = 0;
  let complete = 0;
  for (const row of report.collected) {
    const person = expectations[row.phone_number];
    if (row.disposition === 'completed' && row.completeness === 1) complete++;
    if (!person?.talkative) continue;
    for (const [field, expected] of Object.entries(person.expected)) {
      if (expected === null) continue;
      expectedCount++;
      if (!sameValue(row.claim[field], expected))
        mistakes.push({ phone: row.phone_number, field, expected, collected: row.claim[field] ?? null });
    }
  }
  const { contacts, final } = campaign.progress;
  const result: DemoResult = {
    result: 'demo',
    contacts,
    calls: report.calls,
    answered: report.answered,
    conversations_complete: complete,
    fields_expected: expectedCount,
    fields_correct: expectedCount - mistakes.length,
    dispositions: report.dispositions,
    double_dials: ledger.overlapping + ledger.repeated,
    lost: contacts - final,
    voicemails: { ...tallyVoicemails(report, expectations), messages_recorded: messagesRecorded },
    reply_latency_ms: { p50: report.reply_latency_ms.p50, p95: report.reply_latency_ms.p95 },
  };
  return { result, mistakes };
}

function tallyVoicemails(
  { collected }: CampaignReport,
  expectations: Record<string, Expectation>,
): Omit<DemoResult['voicemails'], 'messages_recorded'> {
  const isVoicemail = (row: CampaignReport['collected'][number]) => expectations[row.phone_number]?.temperament === 'voicemail';
  const taken = collected.filter(({ disposition }) => disposition === 'voicemail' || disposition === 'message_left');
  const recognised = taken.filter(isVoicemail).length;
  return { called: collected.filter(isVoicemail).length, recognised, mistaken: taken.length - recognised };
}
