/** What the service does wrong on purpose, to try its clients. Looked at whenever it matters, so it can be changed at any time. */
export interface SpeechFaults {
  /** Refuses connections with this HTTP status. */
  handshakeStatus?: 401 | 403 | 429 | 503 | undefined;
  /** Ends each new connection after this time, with this close code; without a code the socket is just destroyed. */
  dropAfterMs?: number | undefined;
  dropCode?: number | undefined;
  /** Takes everything and says nothing. */
  mute?: boolean | undefined;
  /** The end of a turn is never told. */
  withoutTurnEnd?: boolean | undefined;
  /** The next frame lacks its request id, which makes the SDK deaf; resets itself. */
  malformNext?: boolean | undefined;
  /** Added before the first audio of an utterance. */
  firstByteDelayMs?: number | undefined;
}
