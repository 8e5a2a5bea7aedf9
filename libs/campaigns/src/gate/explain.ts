import type { Reason, Verdict } from './verdict.js';

/** A verdict as sentences for an operator: whether, why not, and from when on. Instants are written in UTC. */
export function explain({ allowed, reasons, nextAt, policies }: Verdict): string[] {
  const checked =
    policies.length === 0 ? 'no policy applies' : `checked: ${policies.map(({ name, version }) => `${name} of ${version}`).join(', ')}`;
  if (allowed) return [`May be called now (${checked}).`];
  const next = nextAt === null ? 'It will not be called unless something is changed.' : `It may be called from ${inWords(nextAt)} on.`;
  return [`May not be called now (${checked}).`, ...reasons.map(sentence), next];
}

function sentence({ rule, message, until }: Reason): string {
  const start = rule !== null && message.startsWith(rule) ? message : message.charAt(0).toUpperCase() + message.slice(1);
  return until === null ? `${start}.` : `${start}: until ${inWords(until)}.`;
}

function inWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
