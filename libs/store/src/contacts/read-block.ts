import { type ContactRow, contactRowReader, type RowRules } from './contact-row.js';
import { CopyText, copyValue } from './copy-text.js';
import { csvRecords } from './csv-records.js';
import type { RecordBlock } from './record-cutter.js';

/** How the blocks of one upload are read. Plain data: it goes to threads. */
export interface BlockRules extends RowRules {
  delimiter: string;
}

/** What a block of records comes to, ready for COPY. */
export interface ReadBlock {
  /** Rows, of which `accepted` are contacts and the others are refused. */
  rows: number;
  accepted: number;
  /** Distinct keys; a contact names its bucket by the index, from 1. */
  bucketKeys: string[];
  /** COPY text: phone, index of the bucket, variables. */
  contacts: Uint8Array<ArrayBuffer>;
  /** COPY text: line, column, reason, row. */
  refused: Uint8Array<ArrayBuffer>;
  /** Contacts whose region cell says nothing that we understand. */
  regionsNotRead: number;
  /** The first of the refused rows, to be shown. */
  faults: RowFault[];
  /** There is no other block. */
  isWholeFile: boolean;
}

export interface RowFault {
  line: number;
  column: string;
  reason: string;
}

/** Refused rows that are shown with the counts; all of them are in the errors file. */
export const SHOWN_FAULTS = 20;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads the records of a block: pure, and most of the work of an import. */
export function blockReader({ delimiter, ...rules }: BlockRules): (block: RecordBlock) => ReadBlock {
  const readRow = contactRowReader(rules);
  return ({ line, bytes, hasHeader, isWholeFile = false }) => {
    const buckets = new Map<string, number>();
    const contacts = new CopyText(bytes.length * 1.5);
    const refused = new CopyText(0);
    const rows = { accepted: 0, refused: 0, regionsNotRead: 0 };
    const faults: RowFault[] = [];
    const records = csvRecords(utf8.decode(bytes), delimiter, line);
    if (hasHeader) records.next();
    for (const record of records) {
      const row = readRow(record);
      if (row.ok) {
        rows.accepted += 1;
        if (row.regionNotRead) rows.regionsNotRead += 1;
        contacts.addRow(contactLine(row, indexOf(buckets, row.bucketKey)));
      } else {
        rows.refused += 1;
        refused.addRow(refusedLine(row));
        if (faults.length < SHOWN_FAULTS) faults.push({ line: row.line, column: row.column, reason: row.reason });
      }
    }
    return {
      rows: rows.accepted + rows.refused,
      accepted: rows.accepted,
      bucketKeys: [...buckets.keys()],
      contacts: contacts.end(),
      refused: refused.end(),
      regionsNotRead: rows.regionsNotRead,
      faults,
      isWholeFile,
    };
  };
}

/** The buffers of a block that can change hands instead of being copied. */
export function transferables({ contacts, refused }: ReadBlock): ArrayBuffer[] {
  return [contacts.buffer, refused.buffer];
}

function indexOf(buckets: Map<string, number>, key: string): number {
  const known = buckets.get(key);
  if (known !== undefined) return known;
  buckets.set(key, buckets.size + 1);
  return buckets.size;
}

function contactLine({ phoneE164, variables }: ContactRow & { ok: true }, bucket: number): string {
  return `${phoneE164}\t${bucket}\t${copyValue(variables)}\n`;
}

function refusedLine({ line, column, reason, row }: ContactRow & { ok: false }): string {
  return `${line}\t${copyValue(column)}\t${copyValue(reason)}\t${copyValue(JSON.stringify(row))}\n`;
}
