import { ConfigError } from './config-error.js';
import { configHelp } from './config-help.js';
import { loadConfig, type Environment } from './load-config.js';

const MEDIA_ENV: Environment = {
  DATABASE_URL: 'postgresql://carillon:carillon@127.0.0.1:5432/carillon',
  REDIS_URL: 'redis://127.0.0.1:6379',
  ACS_CONNECTION_STRING: 'endpoint=https://acs.example.com/;accesskey=c2VjcmV0',
  ACS_AUDIENCE: '0000-1111',
  CALL_TOKEN_SECRET: 'x'.repeat(32),
  SPEECH_REGION: 'westeurope',
  SPEECH_KEY: 'speech-key',
  LLM_FAST_URL: 'https://llm.example.com/v1/',
  LLM_FAST_KEY: 'llm-key',
  LLM_FAST_MODEL: 'quick',
};

function problemsOf(env: Environment) {
  try {
    loadConfig(env, 'media-worker');
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('the configuration was taken');
}

describe('loadConfig', () => {
  it('fills in defaults and what follows from other settings', () => {
    const config = loadConfig(MEDIA_ENV, 'media-worker');
    expect(config.media.slots).toBe(50);
    expect(config.http).toMatchObject({ host: '127.0.0.1', mediaPort: 0 });
    expect(config.acs.jwksUrl).toBe('https://acscallautomation.communication.azure.com/calling/keys');
    expect(config.speech.sttUrl).toBe('wss://westeurope.stt.speech.microsoft.com/speech/universal/v2');
    expect(config.llm.slow).toEqual({ url: 'https://llm.example.com/v1', key: 'llm-key', model: 'quick' });
  });

  it('keeps speech in memory and nothing on disk, unless it is told to', () => {
    const { media } = loadConfig(MEDIA_ENV, 'media-worker');
    expect(media).toMatchObject({ speechCache: { memoryMb: 32, dir: '', diskMb: 512 }, callLogDir: '' });
    const told = loadConfig({ ...MEDIA_ENV, SPEECH_CACHE_DIR: '/var/speech', CALL_LOG_DIR: '/var/calls' }, 'media-worker').media;
    expect(told).toMatchObject({ speechCache: { dir: '/var/speech' }, callLogDir: '/var/calls' });
  });

  it('takes the two sample rates that there are', () => {
    expect(loadConfig(MEDIA_ENV, 'media-worker').media.sampleRate).toBe(16_000);
    expect(loadConfig({ ...MEDIA_ENV, MEDIA_SAMPLE_RATE: '24000' }, 'media-worker').media.sampleRate).toBe(24_000);
    expect(problemsOf({ ...MEDIA_ENV, MEDIA_SAMPLE_RATE: '8000' }).message).toContain(
      'MEDIA_SAMPLE_RATE ("8000") is not one of 16000, 24000',
    );
  });

  it('asks a service only for what that service needs', () => {
    expect(loadConfig({}, 'simulator').database.url).toBe('');
    expect(() => loadConfig({}, 'api')).toThrow(ConfigError);
  });

  it('names the key, what it holds and the fix', () => {
    const { message } = problemsOf({ ...MEDIA_ENV, MEDIA_SLOTS: 'many' });
    expect(message).toContain('MEDIA_SLOTS ("many") is not a whole number from 1 to 1000');
    expect(message).toContain('set it to: Calls that one media-worker takes at a time');
  });

  it('tells of every problem at once', () => {
    const { problems } = problemsOf({ ...MEDIA_ENV, REDIS_URL: undefined, LOG_PII: 'yes', OTEL_SAMPLE_RATIO: '7' });
    expect(problems.map(({ env, holds }) => [env, holds])).toEqual([
      ['REDIS_URL', 'not set'],
      ['LOG_PII', '"yes"'],
      ['OTEL_SAMPLE_RATIO', '"7"'],
    ]);
  });

  it('never shows what a secret holds', () => {
    const { message } = problemsOf({ ...MEDIA_ENV, CALL_TOKEN_SECRET: 'hunter2', DATABASE_URL: 'mysql://root:hunter2@db' });
    expect(message).toContain('CALL_TOKEN_SECRET (a secret of 7 characters) is shorter than 32 characters');
    expect(message).not.toContain('hunter2');
  });

  it('refuses a secret that no header may hold, and does not show it', () => {
    const { message } = problemsOf({ ...MEDIA_ENV, SPEECH_KEY: 'hunter2\u200b', LLM_FAST_KEY: '“hunter2”' });
    expect(message).toContain('SPEECH_KEY (a secret of 8 characters) holds characters other than printable ASCII');
    expect(message).toContain('LLM_FAST_KEY (a secret of 9 characters) holds characters other than printable ASCII');
    expect(message).not.toContain('hunter2');
  });

  it('takes a secret that goes into no header as it is', () => {
    const secret = 'Übergroßes Geheimnis aus dem Schlüsselbund';
    expect(loadConfig({ ...MEDIA_ENV, CALL_TOKEN_SECRET: secret }, 'media-worker').tokens.callSecret).toBe(secret);
  });

  it('finds the speech service of a region in the cloud that the region is in', () => {
    const urlsOf = (region: string) => loadConfig({ ...MEDIA_ENV, SPEECH_REGION: region }, 'media-worker').speech;
    expect(urlsOf('chinanorth3')).toMatchObject({
      sttUrl: 'wss://chinanorth3.stt.speech.azure.cn/speech/universal/v2',
      ttsUrl: 'wss://chinanorth3.tts.speech.azure.cn/cognitiveservices/websocket/v1',
    });
    expect(urlsOf('usgovvirginia').sttUrl).toBe('wss://usgovvirginia.stt.speech.azure.us/speech/universal/v2');
    expect(urlsOf('westus').ttsUrl).toBe('wss://westus.tts.speech.microsoft.com/cognitiveservices/websocket/v1');
  });

  it('wants either a speech region or both speech URLs', () => {
    const { message } = problemsOf({ ...MEDIA_ENV, SPEECH_REGION: undefined, SPEECH_STT_URL: 'ws://127.0.0.1:1/stt' });
    expect(message).toContain('SPEECH_REGION (not set)');
  });

  it('takes a second speech resource, whole or not at all', () => {
    const whole = loadConfig({ ...MEDIA_ENV, SPEECH_FALLBACK_REGION: 'northeurope', SPEECH_FALLBACK_KEY: 'other' }, 'media-worker');
    expect(whole.speech.fallback).toMatchObject({ key: 'other', sttUrl: expect.stringContaining('northeurope') as string });
    expect(loadConfig(MEDIA_ENV, 'media-worker').speech.fallback).toEqual({ key: '', region: '', sttUrl: '', ttsUrl: '' });
    const half = problemsOf({ ...MEDIA_ENV, SPEECH_FALLBACK_STT_URL: 'wss://stt.example.com/stt' });
    expect(half.problems.map(({ env }) => env)).toEqual(['SPEECH_FALLBACK_REGION', 'SPEECH_FALLBACK_KEY']);
  });

  it('sends the key of a model to no other host than its own', () => {
    const slow = (env: Environment) => loadConfig({ ...MEDIA_ENV, ...env }, 'media-worker').llm.slow;
    const there = { url: 'https://llm.example.com/deep/v1', key: 'llm-key', model: 'quick' };
    expect(slow({ LLM_SLOW_URL: 'https://llm.example.com/deep/v1' })).toEqual(there);
    const elsewhere = 'https://other.example.com/v1';
    expect(slow({ LLM_SLOW_URL: elsewhere, LLM_SLOW_KEY: 'two' })).toMatchObject({ url: elsewhere, key: 'two' });
    for (const url of [elsewhere, 'http://llm.example.com/v1']) {
      const { problems, message } = problemsOf({ ...MEDIA_ENV, LLM_SLOW_URL: url });
      expect(problems.map(({ env }) => env)).toEqual(['LLM_SLOW_KEY']);
      expect(message).toContain('LLM_SLOW_KEY (not set) is needed with LLM_SLOW_URL of another host');
    }
  });

  it('asks for keys of models only where models are asked: others may share the addresses and hold no secrets', () => {
    const shared = { ...MEDIA_ENV, LLM_SLOW_URL: 'https://other.example.com/v1', LLM_OTHER_URL: 'https://third.example.com/v1' };
    const dialer = {
      PUBLIC_API_URL: 'https://api.example.com',
      PUBLIC_MEDIA_URL: 'wss://media.example.com',
      ACS_SOURCE_NUMBERS: '+14155550100',
    };
    for (const service of ['api', 'simulator', undefined] as const) {
      const { slow, other } = loadConfig({ ...shared, LLM_OTHER_MODEL: 'plain' }, service).llm;
      expect([slow.key, other.key]).toEqual(['', '']); // and never that of LLM_FAST
    }
    expect(loadConfig({ ...shared, ...dialer, LLM_SLOW_KEY: 'two' }, 'dialer-worker').llm.slow.key).toBe('two');
    expect(() => loadConfig({ ...shared, ...dialer }, 'dialer-worker')).toThrow('LLM_SLOW_KEY (not set)');
    expect(() => loadConfig({ LLM_SLOW_URL: shared.LLM_SLOW_URL, LLM_SLOW_KEY: 'two' }, 'simulator')).not.toThrow();
  });

  it('takes a third model, with a key of its own where it is elsewhere', () => {
    const other = (env: Environment) => loadConfig({ ...MEDIA_ENV, ...env }, 'media-worker').llm.other;
    expect(other({})).toEqual({ url: '', key: '', model: '' });
    expect(other({ LLM_OTHER_MODEL: 'plain' })).toEqual({ url: 'https://llm.example.com/v1', key: 'llm-key', model: 'plain' });
    const elsewhere = { LLM_OTHER_URL: 'https://other.example.com/v1', LLM_OTHER_KEY: 'two', LLM_OTHER_MODEL: 'plain' };
    expect(other(elsewhere)).toEqual({ url: 'https://other.example.com/v1', key: 'two', model: 'plain' });
    const half = problemsOf({ ...MEDIA_ENV, LLM_OTHER_URL: 'https://other.example.com/v1' });
    expect(half.problems.map(({ env }) => env)).toEqual(['LLM_OTHER_MODEL', 'LLM_OTHER_KEY']);
  });

  it('has the recogniser spoken with by a client of our own, or by the SDK', () => {
    expect(loadConfig(MEDIA_ENV, 'media-worker').speech.sttClient).toBe('socket');
    expect(loadConfig({ ...MEDIA_ENV, SPEECH_STT_CLIENT: 'sdk' }, 'media-worker').speech.sttClient).toBe('sdk');
    expect(problemsOf({ ...MEDIA_ENV, SPEECH_STT_CLIENT: 'curl' }).message).toContain(
      'SPEECH_STT_CLIENT ("curl") is not one of socket, sdk',
    );
  });

  it('treats blank values as not set, and splits caller ids', () => {
    const config = loadConfig({ ...MEDIA_ENV, MEDIA_SLOTS: '  ', ACS_SOURCE_NUMBERS: '+14155550100, +14155550101' });
    expect(config.media.slots).toBe(50);
    expect(config.acs.sourceNumbers).toEqual(['+14155550100', '+14155550101']);
  });

  it('has a line of help for every key', () => {
    for (const key of Object.keys(MEDIA_ENV)) expect(configHelp()).toMatch(new RegExp(`^${key}\\b.*\n    \\S`, 'm'));
  });
});
