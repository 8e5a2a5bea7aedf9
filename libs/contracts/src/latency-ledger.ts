/**
 * Where the time of one reply went, milliseconds. The parts add up exactly to `replyMs`, which counts from the last voiced sample of the
 * person to the first reply frame handed to the media socket.
 */
export interface LatencyLedger {
  replyMs: number;
  /** From the last voiced sample to the moment the voice detector was sure of silence. */
  vadLagMs: number;
  /** The policy's wait after that. */
  endpointWaitMs: number;
  /** Waiting for the transcript beyond the policy's wait. */
  sttWaitMs: number;
  /** From the commit of the turn to the first token of the model, tool rounds included. */
  llmFirstTokenMs: number;
  /** From the first token to the first phrase given to speech synthesis. */
  firstPhraseMs: number;
  /** From the first phrase to its first audio. */
  ttsFirstByteMs: number;
  /** What is left: from the first audio to the first frame on the socket. */
  sendMs: number;
}
