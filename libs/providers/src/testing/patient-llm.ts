import type { Clock, LlmDelta, LlmProvider, LlmRequest } from '@carillon/pipeline';
import { Deadline } from '../deadline.js';
import { FIRST_TOKEN_TIMEOUT_MS, NEXT_TOKEN_TIMEOUT_MS } from '../openai-llm-provider.js';
import { ProviderError } from '../provider-error.js';

/** A scripted model with the patience of the real client: it gives up a stream that stalls. */
export class PatientLlm implements LlmProvider {
  constructor(
    private readonly llm: LlmProvider,
    private readonly clock: Clock,
  ) {}

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncGenerator<LlmDelta> {
    const deadline = new Deadline(this.clock, signal);
    try {
      deadline.extend(FIRST_TOKEN_TIMEOUT_MS);
      for await (const delta of this.llm.stream(request, deadline.signal)) {
        deadline.pause();
        yield delta;
        deadline.extend(NEXT_TOKEN_TIMEOUT_MS);
      }
    } catch (error) {
      throw deadline.passed ? new ProviderError('llm_timeout') : error;
    } finally {
      deadline.cancel();
    }
  }
}
