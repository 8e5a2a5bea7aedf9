import { type CarillonConfig, ConfigError, type ConfigProblem, type Environment } from '@carillon/platform';
import { z } from 'zod';
import type { EnginePaths } from './engines/engine-thread.js';
import { CROWD_HABITS, type CrowdHabit, type CrowdMix, type Range } from './people/crowd.js';

/** What only the simulator has to be told; ports, logs and the engines' folders are in the common configuration. */
export interface SimulatorConfig {
  /** Access key of the carrier (base64), key of the speech and model services and of the control API. */
  key: string;
  /** `iss` and `aud` of the carrier's tokens. */
  issuer: string;
  audience: string;
  seed: string;
  recogniser: 'pocketsphinx' | 'clips';
  recogniserThreads: number;
  /** Empty: the people that come with the simulator. */
  peopleFile: string;
  /** Null: people who hold whole conversations. */
  crowd: { mix: CrowdMix; ringMs: Range; talkMs: Range } | null;
  /** How long a phone rings until the network gives up. */
  noAnswerMs: number;
  /** From the accepted request until the phone rings. */
  setUpMs: number;
}

interface Setting {
  schema: z.ZodType<string>;
  fallback: string;
  help: string;
  secret?: boolean;
}

const RANGE = /^\d{1,6}-\d{1,6}$/;
const NO_RANGE = 'is no range of milliseconds such as 1000-3000';
const MILLISECONDS = z.string().regex(/^\d{1,6}$/, 'is no number of milliseconds');

const SETTINGS = {
  SIMULATOR_KEY: {
    schema: z.base64('is not base64').min(24, 'is shorter than 24 characters'),
    fallback: '',
    help: 'One key for all that the simulator offers: openssl rand -base64 32',
    secret: true,
  },
  SIMULATOR_ISSUER: {
    schema: z.url('is not a URL'),
    fallback: 'https://acscallautomation.communication.azure.com',
    help: 'The same as ACS_ISSUER',
  },
  SIMULATOR_AUDIENCE: { schema: z.string().min(1, 'is needed'), fallback: '', help: 'The same as ACS_AUDIENCE' },
  SIMULATOR_SEED: { schema: z.string(), fallback: 'carillon', help: 'Any text; the same one gives the same people, facts and habits' },
  SIMULATOR_RECOGNISER: {
    schema: z.enum(['pocketsphinx', 'clips'], 'is not one of pocketsphinx, clips'),
    fallback: 'pocketsphinx',
    help: 'pocketsphinx recognises speech; clips only knows what was played, for runs with more speakers than the machine can recognise',
  },
  SIMULATOR_RECOGNISER_THREADS: {
    schema: z.string().regex(/^(?:[1-9]|[1-5]\d|6[0-4])$/, 'is not a number from 1 to 64'),
    fallback: '2',
    help: 'Threads that recognise speech',
  },
  SIMULATOR_CROWD: {
    schema: z.string().refine(isMix, `is no list of ${CROWD_HABITS.join(', ')} with a share each, as in talks:80,busy:20`),
    fallback: '',
    help: 'For runs with many calls: people who hang up within seconds, by what comes of calling them; not set: people who talk',
  },
  SIMULATOR_RING_MS: { schema: z.string().regex(RANGE, NO_RANGE), fallback: '1000-3000', help: 'How long the phones of a crowd ring' },
  SIMULATOR_TALK_MS: {
    schema: z.string().regex(RANGE, NO_RANGE),
    fallback: '2000-5000',
    help: 'How long people in a crowd stay on the line',
  },
  SIMULATOR_NO_ANSWER_MS: { schema: MILLISECONDS, fallback: '25000', help: 'How long a phone that nobody answers rings' },
  SIMULATOR_SET_UP_MS: { schema: MILLISECONDS, fallback: '200', help: 'From a request for a call until the phone rings' },
  SIMULATOR_PEOPLE: { schema: z.string(), fallback: '', help: 'Path of a people file; not set: the one that comes with the simulator' },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof SETTINGS;

/** @throws {ConfigError} with all problems at once */
export function readSimulatorConfig(env: Environment): SimulatorConfig {
  const problems: ConfigProblem[] = [];
  const read = (name: Name): string => readSetting(name, env[name]?.trim() ?? '', problems);
  const config: SimulatorConfig = {
    key: read('SIMULATOR_KEY'),
    issuer: read('SIMULATOR_ISSUER'),
    audience: read('SIMULATOR_AUDIENCE'),
    seed: read('SIMULATOR_SEED'),
    recogniser: read('SIMULATOR_RECOGNISER') === 'clips' ? 'clips' : 'pocketsphinx',
    recogniserThreads: Number(read('SIMULATOR_RECOGNISER_THREADS')),
    peopleFile: read('SIMULATOR_PEOPLE'),
    crowd: crowdOf(read('SIMULATOR_CROWD'), read('SIMULATOR_RING_MS'), read('SIMULATOR_TALK_MS')),
    noAnswerMs: Number(read('SIMULATOR_NO_ANSWER_MS')),
    setUpMs: Number(read('SIMULATOR_SET_UP_MS')),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readSetting(name: Name, given: string, problems: ConfigProblem[]): string {
  const { schema, fallback, help, secret }: Setting = SETTINGS[name];
  const parsed = schema.safeParse(given === '' ? fallback : given);
  if (parsed.success) return parsed.data;
  const shown = secret === true ? `a secret of ${given.length} characters` : `"${given.slice(0, 80)}"`;
  problems.push({
    env: name,
    holds: given === '' ? 'not set' : shown,
    problem: parsed.error.issues[0]?.message ?? 'cannot be used',
    fix: help,
  });
  return fallback;
}

function crowdOf(mix: string, ring: string, talk: string): SimulatorConfig['crowd'] {
  return mix === '' ? null : { mix: mixOf(mix), ringMs: rangeOf(ring), talkMs: rangeOf(talk) };
}

function mixOf(text: string): CrowdMix {
  const pairs = text.split(',').map((part): [CrowdHabit | undefined, number] => {
    const [name, share = ''] = part.trim().split(':');
    return [CROWD_HABITS.find((habit) => habit === name), /^\d+(\.\d+)?$/.test(share) ? Number(share) : NaN];
  });
  return new Map(pairs.filter((pair): pair is [CrowdHabit, number] => pair[0] !== undefined && pair[1] > 0));
}

/** Each part names a habit and gives it a share. */
function isMix(text: string): boolean {
  return text === '' || mixOf(text).size === text.split(',').length;
}

function rangeOf(text: string): Range {
  const [min = 0, max = 0] = text.split('-').map(Number);
  return { min: Math.min(min, max), max: Math.max(min, max) };
}

/** Where the speech engines lie. @throws {ConfigError} when it is not set */
export function enginePathsIn({ simulator }: Pick<CarillonConfig, 'simulator'>): EnginePaths {
  const { speechLibraries: libraryDir, speechModel: modelDir } = simulator;
  const missing = [libraryDir === '' && 'SIMULATOR_SPEECH_LIBRARIES', modelDir === '' && 'SIMULATOR_SPEECH_MODEL'].filter(
    (name) => name !== false,
  );
  if (missing.length === 0) return { libraryDir, modelDir };
  const fix = 'the folder that tools/speech-engines.mjs answers; npm start and npm test fetch the engines and set it';
  throw new ConfigError(missing.map((env) => ({ env, holds: 'not set', problem: 'is needed by the simulator', fix })));
}
