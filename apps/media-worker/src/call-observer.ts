import type { Claim, LatencyLedger } from '@carillon/contracts';
import type { AnswerNews, CallObserver, CallStage, EndReason, ProviderNews, SaidMessage, TurnSign } from '@carillon/pipeline';
import type { Logger } from '@carillon/platform';
import type { ConversationWriter, MessageDraft } from './conversation-writer.js';
import type { MediaMetrics } from './media-metrics.js';
import type { LiveEvents, Time } from './ports.js';
import type { TurnSpans } from './turn-spans.js';

export interface CallObserverOptions {
  call: { tenantId: string; callId: string };
  time: Time;
  writer: Pick<ConversationWriter, 'say' | 'revise' | 'claim'>;
  live: LiveEvents;
  metrics: Pick<MediaMetrics, 'observeAnswer' | 'observeSign' | 'observeNews' | 'observeProvider' | 'bargeIns' | 'errors'>;
  spans: Pick<TurnSpans, 'answered'>;
  log: Logger;
  onCallbackAsked(): void;
  onTransfer(): void;
  onLanguage(language: string): void;
  onHangUp(reason: EndReason): void;
}

/** Passes on what a session tells: to the transcript, to screens, to the metrics. Nothing here waits. */
export function createCallObserver(options: CallObserverOptions): CallObserver {
  const { call, time, writer, live, metrics, spans, log, onCallbackAsked, onTransfer, onLanguage, onHangUp } = options;
  const now = () => new Date(time.wallNow()).toISOString();
  return {
    onSaid(message: SaidMessage) {
      const { persona, content } = message;
      writer.say(toDraft(message, time));
      log.debug({ persona, pii: { content } }, 'said');
      if (content !== '') void live.publish({ type: 'call.said', ...call, at: now(), persona, content });
    },
    onRevised: (id: number, content: string) => writer.revise(id, content),
    onClaim(claim: Claim) {
      writer.claim(claim);
      void live.publish({ type: 'call.claim', ...call, at: now(), claim });
    },
    onReply(ledger: LatencyLedger) {
      metrics.observeAnswer(ledger);
      spans.answered(ledger);
    },
    onInterruption: () => metrics.bargeIns.inc(),
    onSign: (sign: TurnSign) => metrics.observeSign(sign),
    onProvider: (news: ProviderNews) => metrics.observeProvider(news),
    onAnswer(news: AnswerNews) {
      metrics.observeNews(news);
      if (news.type === 'verdict') log.info({ ...news }, 'who has answered');
    },
    onError(error: Error, stage: CallStage) {
      metrics.errors.inc({ stage });
      log.warn({ err: error, stage }, 'a part of the call failed');
    },
    onCallbackAsked,
    onTransfer,
    onLanguage,
    onHangUp,
  };
}

export function toDraft(message: SaidMessage, { clock, wallNow }: Time): MessageDraft {
  const { id, persona, content, toolCalls, ledger, startedAt } = message;
  return {
    id,
    action: 'talk',
    persona,
    content,
    style: 'none',
    toolCalls: toolCalls.map((call) => ({
      tool_id: call.id,
      function_name: call.name,
      function_arguments: call.arguments,
      content: call.content ?? '',
    })),
    ledger: ledger ?? undefined,
    createdAt: new Date(wallNow() - (clock.now() - startedAt)),
  };
}
