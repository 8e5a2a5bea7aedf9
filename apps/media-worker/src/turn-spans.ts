import type { LatencyLedger } from '@carillon/contracts';
import { context, trace, withTraceparent, type Tracer } from '@carillon/platform';

/** The call's part of its trace: one span for the conversation, one for each answer, with the latency ledger on it. */
export interface TurnSpans {
  answered(ledger: LatencyLedger): void;
  /** Runs work as part of the conversation's span. */
  within<Result>(work: () => Result): Result;
  end(reason: string): void;
}

export function startTurnSpans(tracer: Tracer, traceparent: string | null, fields: { callId: string; epoch: number }): TurnSpans {
  const conversation = withTraceparent(traceparent, () => tracer.startSpan('conversation', { attributes: { ...fields } }));
  const parent = trace.setSpan(context.active(), conversation);
  return {
    answered(ledger) {
      const endTime = Date.now();
      tracer.startSpan('turn', { startTime: endTime - ledger.replyMs, attributes: { ...ledger } }, parent).end(endTime);
    },
    within: (work) => context.with(parent, work),
    end(reason) {
      conversation.setAttribute('reason', reason);
      conversation.end();
    },
  };
}
