import { loadConfig } from '@carillon/platform';
import { enginePathsIn, readSimulatorConfig } from './simulator-config.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

test('a key and an audience are enough', () => {
  expect(readSimulatorConfig({ SIMULATOR_KEY: KEY, SIMULATOR_AUDIENCE: 'resource' })).toEqual({
    key: KEY,
    issuer: 'https://acscallautomation.communication.azure.com',
    audience: 'resource',
    seed: 'carillon',
    recogniser: 'pocketsphinx',
    recogniserThreads: 2,
    peopleFile: '',
    crowd: null,
    noAnswerMs: 25_000,
    setUpMs: 200,
  });
});

test('a crowd is described by shares and ranges', () => {
  const env = { SIMULATOR_KEY: KEY, SIMULATOR_AUDIENCE: 'resource', SIMULATOR_CROWD: 'talks:80, busy:20', SIMULATOR_TALK_MS: '900-1100' };
  expect(readSimulatorConfig(env).crowd).toEqual({
    mix: new Map([
      ['talks', 80],
      ['busy', 20],
    ]),
    ringMs: { min: 1_000, max: 3_000 },
    talkMs: { min: 900, max: 1_100 },
  });
  expect(() => readSimulatorConfig({ ...env, SIMULATOR_CROWD: 'talks:80,sings:20' })).toThrow(/SIMULATOR_CROWD[\s\S]*talks, voicemail/);
});

test('every problem is told at once, with the fix and without the secret', () => {
  const env = { SIMULATOR_KEY: 'not base64 at all', SIMULATOR_RECOGNISER: 'magic', SIMULATOR_RECOGNISER_THREADS: '0' };
  let message = '';
  try {
    readSimulatorConfig(env);
  } catch (error) {
    message = String(error);
  }
  expect(message).toContain('SIMULATOR_KEY (a secret of 17 characters) is not base64');
  expect(message).toContain('SIMULATOR_AUDIENCE (not set) is needed');
  expect(message).toContain('SIMULATOR_RECOGNISER ("magic") is not one of pocketsphinx, clips');
  expect(message).toContain('SIMULATOR_RECOGNISER_THREADS ("0") is not a number from 1 to 64');
  expect(message).not.toContain('not base64 at all');
});

test('without the engines the message says who sets them', () => {
  expect(() => enginePathsIn(loadConfig({}))).toThrow(
    /SIMULATOR_SPEECH_LIBRARIES \(not set\)[\s\S]*SIMULATOR_SPEECH_MODEL \(not set\)[\s\S]*npm start/,
  );
});
