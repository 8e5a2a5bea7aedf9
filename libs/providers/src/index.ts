export type { AzureEndpoint } from './azure-endpoint.js';
export { AzureSttProvider, type AzureSttOptions } from './azure-stt-provider.js';
export { AzureTtsProvider, type AzureTtsOptions } from './azure-tts-provider.js';
export { OpenAiLlmProvider, type JsonRequest, type OpenAiLlmOptions } from './openai-llm-provider.js';
export { ProviderError, providerErrors, type ProviderErrorCode } from './provider-error.js';
export type { ProviderLog } from './provider-log.js';
export { SileroVadEngine, type SileroVadOptions, type SileroVadStatistics } from './silero-vad-engine.js';
