/** The final outcome of a call. The carrier's part of it comes from its result codes (docs/glossary.md). */
export const DISPOSITIONS = [
  'completed', // answered, an exchange took place, and the agent brought the conversation to its end
  'callee_hung_up', // answered, and the callee ended the call before the agent had closed it
  'no_conversation', // answered, and nobody spoke with us
  'voicemail', // a machine answered, and has no message of ours
  'message_left', // a machine answered, and has our message
  'transferred',
  'busy',
  'no_answer',
  'declined',
  'invalid_number',
  'rejected', // forbidden by the far end
  'blocked', // blocked by the network, for instance as spam
  'network_failure',
  'configuration_error', // no trunk, not authorised: ours to mend
  'cancelled', // by us before it was answered
  'no_evidence', // sent, and nothing was ever heard of it: counted as an attempt
  'abandoned', // answered, and no slot was free to talk
  'opted_out', // the person asked during the call not to be called again
  'blacklisted', // on the blacklist before it was called
  'expired', // the campaign, or the call's own time, ended before it was called
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];
