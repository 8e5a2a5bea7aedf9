import type { Consent } from '@carillon/contracts';

/** The list itself would bring all of the contracts into the threads that load this file; the type keeps this one complete. */
const CONSENTS: Record<Consent, true> = { express: true, express_written: true, contract: true, legitimate_interest: true };

/** What people write when the column is a tick: the plainest consent there is. */
const YES = ['yes', 'y', 'true', '1', 'x', 'ja', 'oui', 'si', 'sí', 'sim', 'tak', '是', 'はい'];
const NO = ['no', 'n', 'false', '0', 'none', 'nein', 'non', 'nao', 'não', 'nie', '否', 'いいえ'];

/**
 * The consent that a cell states; null where it states nothing, so that the campaign's word holds; `none` where it says no, which no word of a campaign outweighs; the
 * fault in words for what cannot be understood.
 */
export function readConsent(cell: string): { consent: Consent | 'none' | null } | { fault: string } {
  const text = cell.trim().toLowerCase();
  if (text === '') return { consent: null };
  if (NO.includes(text)) return { consent: 'none' };
  if (YES.includes(text)) return { consent: 'express' };
  const name = text.replace(/[^a-z]+/g, '_');
  if (isConsent(name)) return { consent: name };
  if (name === 'written') return { consent: 'express_written' };
  return { fault: `"${cell.slice(0, 40)}" is no consent; write one of ${Object.keys(CONSENTS).join(', ')}, yes, no, or nothing` };
}

function isConsent(name: string): name is Consent {
  return Object.hasOwn(CONSENTS, name);
}
