import type { CarillonConfig, LlmEndpoint, ServiceName, SpeechEndpoint } from './carillon-config.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import type { Setting, SettingsFor } from './setting.js';
import { settings } from './settings.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The one place where the process's environment is read. */
export function processEnvironment(): Environment {
  return process.env;
}

/**
 * Reads and checks every setting. With `service` given, what that service cannot do without must be set.
 * @throws {ConfigError} with all problems at once
 */
export function loadConfig(env: Environment, service?: ServiceName): CarillonConfig {
  const problems: ConfigProblem[] = [];
  const config = readTree(settings, env, service, problems);
  if (service === 'media-worker') requireSpeechUrls(config, problems);
  if (service && settings.llm.fast.key.neededBy.includes(service)) requireKeyOfSlow(config, problems);
  if (service === 'media-worker') requireWholeOther(config, problems);
  if (problems.length > 0) throw new ConfigError(problems);
  return complete(config);
}

function isSetting(node: unknown): node is Setting<unknown> {
  return typeof node === 'object' && node !== null && 'schema' in node;
}

function readTree<Config>(
  tree: SettingsFor<Config>,
  env: Environment,
  service: ServiceName | undefined,
  problems: ConfigProblem[],
): Config {
  const read = (node: unknown): unknown =>
    isSetting(node) ? readSetting(node, env, service, problems) : readTree(node as SettingsFor<unknown>, env, service, problems);
  return Object.fromEntries(Object.entries(tree).map(([key, node]) => [key, read(node)])) as Config;
}

function readSetting(setting: Setting<unknown>, env: Environment, service: ServiceName | undefined, problems: ConfigProblem[]): unknown {
  const given = env[setting.env]?.trim() ?? '';
  if (given === '' && service && setting.neededBy.includes(service)) {
    problems.push({ env: setting.env, holds: 'not set', problem: `is needed by the ${service}`, fix: setting.help });
    return '';
  }
  const parsed = setting.schema.safeParse(given === '' ? setting.fallback : given);
  if (parsed.success) return parsed.data;
  problems.push({
    env: setting.env,
    holds: shown(setting, given),
    problem: parsed.error.issues[0]?.message ?? 'cannot be used',
    fix: setting.help,
  });
  return setting.fallback;
}

function shown(setting: Setting<unknown>, given: string): string {
  return setting.secret ? `a secret of ${given.length} characters` : `"${given.slice(0, 80)}"`;
}

function requireSpeechUrls({ speech }: CarillonConfig, problems: ConfigProblem[]): void {
  if (!isReachable(speech)) {
    const fix = `${settings.speech.region.help}; or set both SPEECH_STT_URL and SPEECH_TTS_URL`;
    problems.push({ env: 'SPEECH_REGION', holds: 'not set', problem: 'is needed by the media-worker', fix });
  }
  const { fallback } = speech;
  const isWanted = Object.values(fallback).some((value) => value !== '');
  if (isWanted && !isReachable(fallback)) {
    const fix = `${settings.speech.fallback.region.help}; or set both SPEECH_FALLBACK_STT_URL and SPEECH_FALLBACK_TTS_URL`;
    problems.push({ env: 'SPEECH_FALLBACK_REGION', holds: 'not set', problem: 'is needed for a second Speech resource', fix });
  }
  if (isWanted && fallback.key === '') {
    const fix = settings.speech.fallback.key.help;
    problems.push({ env: 'SPEECH_FALLBACK_KEY', holds: 'not set', problem: 'is needed for a second Speech resource', fix });
  }
}

function requireKeyOfSlow({ llm: { fast, slow } }: CarillonConfig, problems: ConfigProblem[]): void {
  if (slow.key !== '' || !isElsewhere(slow, fast)) return;
  const { url, key } = settings.llm.slow;
  problems.push({ env: key.env, holds: 'not set', problem: `is needed with ${url.env} of another host`, fix: key.help });
}

function requireWholeOther({ llm: { other } }: CarillonConfig, problems: ConfigProblem[]): void {
  const { url, key, model } = settings.llm.other;
  const missing = [...(other.model === '' ? [model] : []), ...(other.url !== '' && other.key === '' ? [key] : [])];
  if (Object.values(other).every((value) => value === '')) return;
  for (const { env, help } of missing) {
    problems.push({ env, holds: 'not set', problem: `is needed with the other settings of ${url.env}`, fix: help });
  }
}

function isElsewhere({ url }: LlmEndpoint, other: LlmEndpoint): boolean {
  return url !== '' && (other.url === '' || new URL(url).origin !== new URL(other.url).origin);
}

function isReachable({ region, sttUrl, ttsUrl }: SpeechEndpoint): boolean {
  return region !== '' || (sttUrl !== '' && ttsUrl !== '');
}

/** Fills in what follows from other settings. */
function complete(config: CarillonConfig): CarillonConfig {
  const { acs, speech, llm } = config;
  return {
    ...config,
    acs: { ...acs, jwksUrl: acs.jwksUrl || `${acs.issuer}/calling/keys` },
    speech: { ...speechUrls(speech), fallback: speechUrls(speech.fallback) },
    llm: { ...llm, slow: orElse(llm.slow, llm.fast), other: llm.other.model === '' ? llm.other : orElse(llm.other, llm.fast) },
  };
}

function speechUrls<Endpoint extends SpeechEndpoint>(endpoint: Endpoint): Endpoint {
  const { region, sttUrl, ttsUrl } = endpoint;
  return {
    ...endpoint,
    sttUrl: sttUrl || (region && `wss://${region}.stt.speech.${cloudOf(region)}/speech/universal/v2`),
    // Without the first part of the path: with it the SDK asks for a redirect over HTTPS before every connection.
    ttsUrl: ttsUrl || (region && `wss://${region}.tts.speech.${cloudOf(region)}/cognitiveservices/websocket/v1`),
  };
}

/** China and the government of the United States have clouds of their own. */
function cloudOf(region: string): string {
  if (/^china/i.test(region)) return 'azure.cn';
  return /^usgov/i.test(region) ? 'azure.us' : 'microsoft.com';
}

/** A key belongs to a service: it is sent to no other one, not even where nobody has checked that this one has its own. */
function orElse(endpoint: LlmEndpoint, other: LlmEndpoint): LlmEndpoint {
  const key = endpoint.key || (isElsewhere(endpoint, other) ? '' : other.key);
  return { url: endpoint.url || other.url, key, model: endpoint.model || other.model };
}
