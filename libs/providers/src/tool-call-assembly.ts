import type { ToolCall } from '@carillon/pipeline';

/** One piece of a tool call as it is streamed: the first names it, the following bring its arguments. */
export interface ToolCallPart {
  index: number;
  id?: string | undefined;
  function?: { name?: string | undefined; arguments?: string | undefined } | undefined;
}

/** Puts streamed tool calls together. A call is complete when the next one begins or the answer ends. */
export class ToolCallAssembly {
  #index = -1;
  #call: ToolCall | undefined;

  /** The calls that this part completes. */
  add(part: ToolCallPart): ToolCall[] {
    const complete = part.index === this.#index ? [] : this.finish();
    this.#index = part.index;
    this.#call ??= { id: '', name: '', arguments: '' };
    this.#call.id ||= part.id ?? '';
    this.#call.name += part.function?.name ?? '';
    this.#call.arguments += part.function?.arguments ?? '';
    return complete;
  }

  /** The call that is still open, when there is one. */
  finish(): ToolCall[] {
    const call = this.#call;
    this.#call = undefined;
    this.#index = -1;
    if (!call?.name) return [];
    return [call];
  }
}
