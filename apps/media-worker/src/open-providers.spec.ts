import { createLogger, loadConfig } from '@carillon/platform';
import { monotonicClock } from './monotonic-clock.js';
import { openProviders } from './open-providers.js';

const ENV = {
  SPEECH_REGION: 'westeurope',
  SPEECH_KEY: 'one',
  LLM_FAST_URL: 'https://llm.example.com/v1',
  LLM_FAST_KEY: 'key',
  LLM_FAST_MODEL: 'quick',
};

function namesOf(env: Record<string, string>) {
  const time = { clock: monotonicClock, wallNow: () => 0 };
  const log = createLogger('test', { level: 'silent', pii: false });
  const providers = openProviders(loadConfig({ ...ENV, ...env }), time, log, { observe: () => undefined });
  const names = Object.fromEntries(
    Object.entries(providers).map(([kind, provider]) => [kind, provider.circuits().map((circuit) => circuit.provider)]),
  );
  providers.tts.close();
  providers.stt.close();
  return names;
}

describe('the providers of a media worker', () => {
  it('are alone where nothing else is configured', () => {
    expect(namesOf({})).toEqual({ stt: ['first'], tts: ['first'], llm: ['fast'] });
  });

  it('have the slow model and the second speech resource behind them', () => {
    const env = { SPEECH_FALLBACK_REGION: 'northeurope', SPEECH_FALLBACK_KEY: 'two', LLM_SLOW_MODEL: 'thorough' };
    expect(namesOf(env)).toEqual({ stt: ['first', 'second'], tts: ['first', 'second'], llm: ['fast', 'slow'] });
  });

  it('have a third model behind those, from elsewhere or from the same service', () => {
    const elsewhere = { LLM_OTHER_URL: 'https://other.example.com/v1', LLM_OTHER_KEY: 'two', LLM_OTHER_MODEL: 'quick' };
    expect(namesOf({ LLM_SLOW_MODEL: 'thorough', ...elsewhere }).llm).toEqual(['fast', 'slow', 'other']);
    expect(namesOf({ LLM_OTHER_MODEL: 'plain' }).llm).toEqual(['fast', 'other']);
  });

  it('ask no model twice under two names', () => {
    expect(namesOf({ LLM_SLOW_MODEL: 'thorough', LLM_OTHER_MODEL: 'thorough' }).llm).toEqual(['fast', 'slow']);
  });
});
