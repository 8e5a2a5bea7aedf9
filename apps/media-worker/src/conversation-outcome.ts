import type { TurnState } from '@carillon/pipeline';
import type { ConversationOutcome } from './ports.js';

type Turns = Pick<TurnState, 'exchanges' | 'agentClosed' | 'machine'>;

/**
 * What came of a conversation that ends, or, where its line was only lost, has come of it so far. A machine that seemed to answer us has not:
 * its call is no conversation, whatever was counted. Where our services failed, we cut the person short: that is no end of a conversation.
 */
export function conversationOutcome(
  { exchanges, agentClosed, machine }: Turns,
  { exchangesBefore, goesOn, failed = false }: { exchangesBefore: number; goesOn: boolean; failed?: boolean },
): Omit<ConversationOutcome, 'closedAt'> {
  if (machine === null) {
    const disposition = failed && !agentClosed ? 'network_failure' : undefined;
    return { exchanges: exchangesBefore + exchanges, agentClosed, disposition };
  }
  const disposition = machine === 'message_left' ? 'message_left' : 'voicemail';
  return { exchanges: 0, agentClosed: false, disposition: goesOn ? undefined : disposition };
}
