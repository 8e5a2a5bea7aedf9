import type { ChatMessage } from '../ports.js';
import type { CallLines } from '../turn/conversation-rules.js';
import type { TurnEvent } from '../turn/events.js';
import type { SpeechChange } from '../turn/speech.js';
import type { TurnState } from '../turn/state.js';
import type { CallLog, CallLogLine, LoggedEffect } from './call-log.js';
import { maskDigit, TextMask } from './text-mask.js';

type TextEvent = Extract<TurnEvent, { type: 'llm-text' }>;

/** A log without anything that was said. Replayed, it gives the same effects: the mask keeps what turn taking looks at. */
export class RedactedLog implements CallLog {
  private readonly mask = new TextMask();
  /** The model's text comes in pieces of words: lines wait here until the word is whole. */
  private waiting: CallLogLine[] = [];

  constructor(private readonly log: CallLog) {}

  append(line: CallLogLine): void {
    this.waiting.push(line);
    if (line.kind === 'call' || endsWord(line.event, this.waiting)) this.flush();
  }

  close(): void {
    this.flush();
    this.log.close?.();
  }

  private flush(): void {
    const lines = this.waiting;
    this.waiting = [];
    const texts = lines.flatMap((line) => (line.kind === 'event' && line.event.type === 'llm-text' ? [line.event.text] : []));
    const masked = this.mask.agent(texts.join(''));
    let offset = 0;
    for (const line of lines) {
      if (line.kind === 'call') this.log.append({ ...line, redacted: true, state: this.state(line.state) });
      else if (line.event.type !== 'llm-text') this.log.append(this.line(line, takesOffer(line) ? line.event : this.event(line.event)));
      else {
        const { length } = line.event.text;
        this.log.append(this.line(line, { ...line.event, text: masked.slice(offset, offset + length) }));
        offset += length;
      }
    }
  }

  private line(line: Extract<CallLogLine, { kind: 'event' }>, event: TurnEvent): CallLogLine {
    return { kind: 'event', event, effects: line.effects.map((effect) => this.effect(effect)) };
  }

  private event(event: TurnEvent): TurnEvent {
    switch (event.type) {
      case 'interim':
      case 'final':
      case 'endpoint-predicted':
        return { ...event, text: this.mask.person(event.text) };
      case 'llm-tool-call':
        return { ...event, call: { ...event.call, arguments: this.mask.agent(event.call.arguments) } };
      case 'tool-done':
        return { ...event, content: this.mask.agent(event.content), ...this.speech(event) };
      case 'dtmf':
        return { ...event, digit: /\d/.test(event.digit) ? maskDigit(event.digit) : event.digit };
      case 'machine':
        return event.order.do === 'leave_message'
          ? { ...event, order: { ...event.order, message: this.mask.agent(event.order.message) } }
          : event;
      default:
        return event;
    }
  }

  private effect(effect: LoggedEffect): LoggedEffect {
    switch (effect.type) {
      case 'speak':
        return { ...effect, text: this.mask.agent(effect.text) };
      case 'run-tool':
        return { ...effect, call: { ...effect.call, arguments: this.mask.agent(effect.call.arguments) } };
      case 'revised':
        return { ...effect, content: this.mask.person(effect.content) };
      case 'ask-endpointer':
        return { ...effect, text: this.mask.person(effect.text), agentLine: this.mask.agent(effect.agentLine) };
      case 'said':
        return { ...effect, message: this.message(effect.message) };
      default:
        return effect;
    }
  }

  private message(message: Extract<LoggedEffect, { type: 'said' }>['message']): typeof message {
    const content = message.persona === 'human' ? this.mask.person(message.content) : this.mask.agent(message.content);
    const toolCalls = message.toolCalls.map((call) => ({
      ...call,
      arguments: this.mask.agent(call.arguments),
      content: call.content === null ? null : this.mask.agent(call.content),
    }));
    return { ...message, content, toolCalls };
  }

  private state(state: TurnState): TurnState {
    const history = state.history.map((message) => this.historyMessage(message));
    const masked = (texts: readonly string[]): string[] => texts.map((text) => this.mask.agent(text));
    const { rest, last } = state.resumed ?? {};
    const resumed = state.resumed && { ...state.resumed, rest: rest && masked(rest), last: last && { ...last, lines: masked(last.lines) } };
    return { ...state, history, resumed, rules: { ...state.rules, lines: this.lines(state.rules.lines) } };
  }

  private lines(lines: CallLines): CallLines {
    const masked = Object.entries(lines).map(([name, text]) => [name, this.mask.agent((text as string | undefined) ?? '')] as const);
    return { ...lines, ...Object.fromEntries(masked) };
  }

  private speech({ speech }: Extract<TurnEvent, { type: 'tool-done' }>): { speech?: SpeechChange } {
    if (speech?.inLanguage === undefined) return {};
    const { language, lines } = speech.inLanguage;
    return { speech: { ...speech, inLanguage: { language, lines: this.lines(lines) } } };
  }

  private historyMessage(message: ChatMessage): ChatMessage {
    if (message.role === 'user') return { ...message, content: this.mask.person(message.content) };
    const content = this.mask.agent(message.content);
    if (message.role !== 'assistant' || message.toolCalls === undefined) return { ...message, content };
    return { ...message, content, toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: this.mask.agent(call.arguments) })) };
  }
}

/** The key that an offer of ours names is no secret, and any other would be no answer to it. */
function takesOffer({ event, effects }: Extract<CallLogLine, { kind: 'event' }>): boolean {
  return event.type === 'dtmf' && effects.some(({ type }) => type === 'callback-asked');
}

/** Is the last word of the model's text whole, as far as the lines that wait can tell? */
function endsWord(event: TurnEvent, waiting: readonly CallLogLine[]): boolean {
  if (event.type === 'llm-text') return !/[\p{L}\p{M}]$/u.test(event.text);
  if (event.type === 'llm-done' || event.type === 'llm-failed' || event.type === 'llm-tool-call' || event.type === 'call-ended')
    return true;
  const open = waiting.findLast((line) => line.kind === 'event' && line.event.type === 'llm-text');
  return open === undefined || (open.kind === 'event' && supersedes(event, open.event as TextEvent));
}

/** Nothing more comes of a stream once its generation is over: the next words belong to another one. */
function supersedes(event: TurnEvent, open: TextEvent): boolean {
  return 'gen' in event && event.gen !== open.gen;
}
