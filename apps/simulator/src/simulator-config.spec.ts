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
  });
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
