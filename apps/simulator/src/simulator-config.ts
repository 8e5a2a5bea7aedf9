import { type CarillonConfig, ConfigError, type ConfigProblem, type Environment } from '@carillon/platform';
import { z } from 'zod';
import type { EnginePaths } from './engines/engine-thread.js';

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
}

interface Setting {
  schema: z.ZodType<string>;
  fallback: string;
  help: string;
  secret?: boolean;
}

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
