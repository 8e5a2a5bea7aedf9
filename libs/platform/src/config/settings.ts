import { LOG_LEVELS, STT_CLIENTS, type CarillonConfig, type LlmEndpoint, type ServiceName } from './carillon-config.js';
import { failpoints, flag, integer, limit, oneNumberOf, oneOf, phoneNumbers, ratio, text, url, type SettingsFor } from './setting.js';

const CORE: readonly ServiceName[] = ['api', 'dialer-worker', 'media-worker'];
const CARRIER: readonly ServiceName[] = ['api', 'dialer-worker', 'media-worker'];
const DIALER: readonly ServiceName[] = ['dialer-worker'];
const MEDIA: readonly ServiceName[] = ['media-worker'];

const ANY_PORT = { min: 0, max: 65_535 };

const llm = (prefix: string, what: string, neededBy: readonly ServiceName[]): SettingsFor<LlmEndpoint> => ({
  url: url(
    `${prefix}_URL`,
    `Base URL of an OpenAI-compatible service for ${what}, for instance https://api.openai.com/v1`,
    ['http', 'https'],
    { neededBy },
  ),
  key: text(`${prefix}_KEY`, `Key of that service`, { neededBy, secret: true, inHeader: true }),
  model: text(`${prefix}_MODEL`, `Name of the model or deployment for ${what}`, { neededBy }),
});

/** Every environment variable of the system. The order is that of `configHelp`. */
export const settings: SettingsFor<CarillonConfig> = {
  database: {
    url: url('DATABASE_URL', 'Postgres 15 or newer: postgresql://user:password@host:5432/database', ['postgres', 'postgresql'], {
      neededBy: CORE,
      secret: true,
    }),
  },
  redis: {
    url: url('REDIS_URL', 'Redis 6.2 or newer with maxmemory-policy noeviction: redis://host:6379', ['redis', 'rediss'], {
      neededBy: CORE,
      secret: true,
    }),
  },
  http: {
    host: text('HOST', 'Address to listen on; 0.0.0.0 for every one', { fallback: '127.0.0.1' }),
    apiPort: integer('API_PORT', 'Port of the api; 0 takes a free one', ANY_PORT, { fallback: '0' }),
    dialerPort: integer('DIALER_PORT', 'Port of the dialer-worker (health and metrics); 0 takes a free one', ANY_PORT, { fallback: '0' }),
    mediaPort: integer('MEDIA_PORT', 'Port of the media-worker; 0 takes a free one', ANY_PORT, { fallback: '0' }),
    simulatorPort: integer('SIMULATOR_PORT', 'Port of the simulator; 0 takes a free one', ANY_PORT, { fallback: '0' }),
    publicApiUrl: url('PUBLIC_API_URL', 'Where the carrier reaches the api: https://api.example.com', ['http', 'https'], {
      neededBy: DIALER,
    }),
    publicMediaUrl: url('PUBLIC_MEDIA_URL', 'Where the carrier reaches the media workers: wss://media.example.com', ['ws', 'wss'], {
      neededBy: DIALER,
    }),
  },
  acs: {
    connectionString: text(
      'ACS_CONNECTION_STRING',
      'Connection string of the Communication Services resource: endpoint=https://…;accesskey=…',
      {
        neededBy: CARRIER,
        secret: true,
      },
    ),
    sourceNumbers: phoneNumbers('ACS_SOURCE_NUMBERS', 'Caller ids, E.164, comma-separated: +14155550100,+14155550101', {
      neededBy: DIALER,
    }),
    issuer: url('ACS_ISSUER', 'Issuer of the tokens that the carrier signs callbacks and media sockets with', ['http', 'https'], {
      fallback: 'https://acscallautomation.communication.azure.com',
    }),
    audience: text('ACS_AUDIENCE', 'Immutable resource id of the Communication Services resource', { neededBy: ['api', 'media-worker'] }),
    jwksUrl: url('ACS_JWKS_URL', 'Where the keys of that issuer are; not set: <ACS_ISSUER>/calling/keys', ['http', 'https']),
    limits: {
      maxConcurrent: limit(
        'ACS_MAX_CONCURRENT',
        'Calls that the account may have open at a time, over all tenants; not set: as many as there are slots',
      ),
      callsPerSecond: limit(
        'ACS_CALLS_PER_SECOND',
        'Calls that the account may start in a second, over all tenants; not set: no limit of ours',
      ),
      dailyCap: limit('ACS_DAILY_CAP', 'Calls that the account may start in a day, over all tenants; not set: no limit of ours'),
    },
  },
  tokens: {
    callSecret: text('CALL_TOKEN_SECRET', 'At least 32 random characters, the same for all services: openssl rand -base64 48', {
      neededBy: CORE,
      secret: true,
      atLeast: 32,
    }),
  },
  speech: {
    sttUrl: url('SPEECH_STT_URL', 'Full WebSocket URL of the recogniser; SPEECH_REGION stands in for it', ['ws', 'wss']),
    ttsUrl: url('SPEECH_TTS_URL', 'Full WebSocket URL of the synthesiser; SPEECH_REGION stands in for it', ['ws', 'wss']),
    region: text('SPEECH_REGION', 'Azure region of the Speech resource, for instance westeurope'),
    key: text('SPEECH_KEY', 'Key of the Speech resource', { neededBy: MEDIA, secret: true, inHeader: true }),
    fallback: {
      sttUrl: url('SPEECH_FALLBACK_STT_URL', 'As SPEECH_STT_URL, of the second resource', ['ws', 'wss']),
      ttsUrl: url('SPEECH_FALLBACK_TTS_URL', 'As SPEECH_TTS_URL, of the second resource', ['ws', 'wss']),
      region: text(
        'SPEECH_FALLBACK_REGION',
        'Azure region of a second Speech resource that calls go to when the first one fails; not set: none',
      ),
      key: text('SPEECH_FALLBACK_KEY', 'Key of the second Speech resource; not set: there is none', { secret: true, inHeader: true }),
    },
    sttClient: oneOf(
      'SPEECH_STT_CLIENT',
      'What speaks with the recogniser: socket, our own client of the Speech protocol, or sdk, the Azure Speech SDK, which costs twice the CPU and is later',
      STT_CLIENTS,
      { fallback: 'socket' },
    ),
  },
  llm: {
    fast: llm('LLM_FAST', 'replies during the call', ['media-worker', 'dialer-worker']),
    slow: llm('LLM_SLOW', 'the synthesis after the call, and for replies when LLM_FAST fails (not set: as LLM_FAST)', []),
    other: llm('LLM_OTHER', 'replies when LLM_FAST and LLM_SLOW fail, best from elsewhere (not set: none)', []),
    hedge: {
      afterMs: integer(
        'LLM_HEDGE_AFTER_MS',
        'A reply without a first word after so long is asked of LLM_SLOW as well; best the 95th percentile of LLM_FAST',
        { min: 100, max: 10_000 },
        { fallback: '1000' },
      ),
      share: ratio('LLM_HEDGE_SHARE', 'Share of the replies that may be asked twice so, 0 to 1: each of them costs twice', {
        fallback: '0.05',
      }),
    },
  },
  media: {
    slots: integer('MEDIA_SLOTS', 'Calls that one media-worker takes at a time', { min: 1, max: 1_000 }, { fallback: '50' }),
    sampleRate: oneNumberOf(
      'MEDIA_SAMPLE_RATE',
      'Sound of the calls, both ways, as dialer-workers ask the carrier for it and media-workers prepare speech: 16000 or 24000. People sound the same, our voice a little fuller; half as much again to send, and to keep',
      [16_000, 24_000],
      { fallback: '16000' },
    ),
    // two thirds of what is sent ahead of the ear: later than that, sound begins to break up
    loopDelayMaxMs: integer(
      'MEDIA_LOOP_DELAY_MAX_MS',
      'A media-worker whose event loop is later than this (p99 of the last seconds) takes no further call until it is not',
      { min: 20, max: 10_000 },
      { fallback: '200' },
    ),
    peerUrl: url(
      'MEDIA_PEER_URL',
      'Where other media-workers reach this one, to pass calls on: http://10.0.0.7:8091; not set: its host name where it listens on every address, else the address it listens on',
      ['http'],
    ),
    speechCache: {
      memoryMb: integer(
        'SPEECH_CACHE_MB',
        'Speech that a media-worker keeps in memory; 32 MB are 17 minutes at 16 kHz. 0 keeps none',
        { min: 0, max: 4_096 },
        { fallback: '32' },
      ),
      dir: text(
        'SPEECH_CACHE_DIR',
        'Folder in which lines that concern no person (greetings of campaigns, fillers, apologies, goodbyes) outlive the process; processes of one machine may share it. Not set: none',
      ),
      diskMb: integer('SPEECH_CACHE_DISK_MB', 'What that folder may hold', { min: 1, max: 1_000_000 }, { fallback: '512' }),
    },
    callLogDir: text(
      'CALL_LOG_DIR',
      'Folder for the logs of calls whose campaign sets event_log, for npm run replay; what was said stands in them only with LOG_PII=true. Not set: none are kept',
    ),
  },
  dialer: {
    concurrency: integer('DIAL_CONCURRENCY', 'Calls that one dialer-worker places at a time', { min: 1, max: 1_000 }, { fallback: '150' }),
  },
  log: {
    level: oneOf('LOG_LEVEL', `One of ${LOG_LEVELS.join(', ')}`, LOG_LEVELS, { fallback: 'info' }),
    pii: flag('LOG_PII', 'true keeps phone numbers, names and transcripts in the logs', { fallback: 'false' }),
  },
  telemetry: {
    endpoint: url('OTEL_EXPORTER_OTLP_ENDPOINT', 'OpenTelemetry collector, OTLP over HTTP: http://host:4318; not set: no spans are sent', [
      'http',
      'https',
    ]),
    sampleRatio: ratio('OTEL_SAMPLE_RATIO', 'Share of traces that are recorded, 0 to 1; a parent that was sampled is followed', {
      fallback: '0.1',
    }),
  },
  shutdown: {
    drainMs: integer(
      'SHUTDOWN_DRAIN_MS',
      'How long running calls and jobs may take to end once the process is asked to stop',
      { min: 0, max: 7_200_000 },
      { fallback: '30000' },
    ),
  },
  drill: {
    failpoints: failpoints(
      'FAILPOINTS',
      'For fault drills only: places where the process kills itself, or freezes, and how often: dial.after-post:0.02,dial.admitted:0.01:freeze',
    ),
  },
  simulator: {
    speechLibraries: text('SIMULATOR_SPEECH_LIBRARIES', 'Folder with the PocketSphinx and Flite libraries; npm start fetches them'),
    speechModel: text('SIMULATOR_SPEECH_MODEL', 'Folder with the acoustic model of PocketSphinx; npm start fetches it'),
    key: text('SIMULATOR_KEY', 'Key that the simulated services take, base64', { secret: true }),
    audience: text('SIMULATOR_AUDIENCE', 'Resource id that the simulated carrier puts into its tokens'),
  },
};
