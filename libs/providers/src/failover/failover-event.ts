import type { Ms } from '@carillon/pipeline';
import type { CircuitState } from './circuit-breaker.js';

export type ProviderKind = 'stt' | 'llm' | 'tts';

interface OfProvider {
  kind: ProviderKind;
  /** Its configured name, as `fast`; never a URL or a key. */
  provider: string;
}

/** What can be counted. Nothing in it belongs to a person or a call, except how long it waited. */
export type FailoverEvent =
  /** The first piece of an answer, `afterMs` after it was asked for first, `ownMs` after this provider was; `attempt` counts from 1. */
  | ({ type: 'answered'; attempt: number; hedged: boolean; afterMs: Ms; ownMs: Ms } & OfProvider)
  /** `cutOff`: a part was handed on already, so nobody else could be asked. */
  | ({ type: 'failed'; code: string; cutOff: boolean } & OfProvider)
  /** This provider was asked beside a slow one. */
  | ({ type: 'hedged' } & OfProvider)
  | ({ type: 'circuit'; state: CircuitState; openForMs: Ms } & OfProvider);

export type FailoverObserver = (event: FailoverEvent) => void;
