import { stripMarkdown } from '../text/strip-markdown.js';
import type { CallLines } from '../turn/conversation-rules.js';

/** The lines of a call as synthesis is asked for them, those first that are heard first: for whoever has them synthesised ahead. */
export function linesToSpeak(lines: CallLines): string[] {
  const { legalNotice, greeting, filler, apology, stillThinking, stillThere, goodbye, recap, handOver, callbackOffer, callbackTaken } =
    lines;
  const inOrder = [
    legalNotice,
    greeting,
    filler,
    apology,
    goodbye,
    stillThinking,
    stillThere,
    handOver,
    callbackOffer,
    callbackTaken,
    recap,
  ];
  return [...new Set(inOrder.map((line) => stripMarkdown(line ?? '')))].filter((line) => line !== '');
}
