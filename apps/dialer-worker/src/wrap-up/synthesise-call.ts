import type { JobHandler } from '@carillon/coordination';
import { findCall, storeSynthesis, type Store } from '@carillon/store';
import { parseSynthesis, synthesisRequest, type JsonRequest } from './synthesis-prompt.js';

/** The slow language model, asked for one JSON answer. */
export interface JsonModel {
  completeJson(request: JsonRequest, signal: AbortSignal): Promise<unknown>;
}

/**
 * Has a conversation summed up.
 *
 * A second run is harmless: one that finds a synthesis asks nobody, and of two that run at once only the first writes (compare-and-set on null).
 */
export function createSynthesiseCall({ store, model }: { store: Store; model: JsonModel }): JobHandler<'synthesise'> {
  return async (payload, { signal }) => {
    const call = await findCall(store, payload);
    if (!call || call.synthesis) return;
    const answer = await model.completeJson(synthesisRequest(call), signal);
    await storeSynthesis(store, payload, { synthesis: parseSynthesis(answer) });
  };
}
