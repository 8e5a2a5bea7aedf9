import { createServer, type Server } from 'node:http';
import { answerOps, listen, type RunningService, sendJson, type ServiceContext } from '@carillon/platform';
import { SpeexResamplers } from '@carillon/providers/resampling';
import { type CarrierSimulator, createCarrier } from './carrier/carrier.js';
import { ControlApi } from './control/control-api.js';
import { ModelService } from './model/model-service.js';
import { openVoices, type Voices } from './open-voices.js';
import { Crowd } from './people/crowd.js';
import { PeopleNetwork } from './people/people-network.js';
import { readPeopleFile } from './people/people-file.js';
import { Population } from './people/population.js';
import { enginePathsIn, type SimulatorConfig } from './simulator-config.js';
import type { SpeechFaults } from './speech/speech-faults.js';
import { createSpeechService, type SpeechService } from './speech/speech-service.js';

type SimulatorContext = Pick<ServiceContext, 'config' | 'log' | 'health' | 'metrics'>;

/** The people that come with the simulator; the same file for the sources and for the compiled code. */
const PEOPLE_FILE = new URL('../people.json', import.meta.url);

interface Parts {
  population: Population;
  voices: Voices;
  carrier: CarrierSimulator;
  speech: SpeechService;
  model: ModelService;
  control: ControlApi;
}

/**
 * Carrier, speech service, model service and the people who pick up, in one process on one port: `/calling/*`, the speech WebSockets, `/v1/*`,
 * `/control/*`, and health and metrics. Resolves when everything is loaded.
 */
export async function openSimulator(context: SimulatorContext, settings: SimulatorConfig): Promise<RunningService> {
  const parts = await openParts(context, settings);
  const server = createFrontServer(context, parts);
  const { host, simulatorPort } = context.config.http;
  const url = await listen(server, { host, port: simulatorPort }).catch(async (error: unknown) => {
    await closeParts(parts);
    throw error;
  });
  context.log.info({ recogniser: parts.speech.recogniser, people: parts.population.listed().length }, 'the simulator is open');
  return {
    url,
    // Calls belong to those who made them: there is nothing to refuse and nothing to wait for.
    stopTaking: () => Promise.resolve(),
    drain: () => Promise.resolve(),
    close: async () => {
      await closeParts(parts);
      await closeServer(server);
    },
  };
}

async function openParts({ config, log }: SimulatorContext, settings: SimulatorConfig): Promise<Parts> {
  const { key, seed, recogniser, recogniserThreads: threads } = settings;
  const entries = await readPeopleFile(settings.peopleFile === '' ? PEOPLE_FILE : settings.peopleFile);
  const population = new Population({ entries, seed, today: () => new Date().toISOString().slice(0, 10) });
  const voices = await openVoices({ paths: enginePathsIn(config), threads, recogniser }, population.listed());
  const ends = { engines: voices.forPeople, seed, log };
  const network = settings.crowd ? new Crowd({ ...settings.crowd, ...ends }) : new PeopleNetwork({ population, ...ends });
  const { issuer, audience, noAnswerMs: noAnswerAfterMs, setUpMs } = settings;
  const resamplers = await SpeexResamplers.load();
  const carrier = createCarrier({ network, accessKey: key, issuer, audience, noAnswerAfterMs, setUpMs, resamplers, log });
  const model = new ModelService({ key });
  const speechFaults: SpeechFaults = {};
  const speech = createSpeechService({ key, recogniser: voices.recogniser, engines: voices.forAgents, log, faults: speechFaults });
  const statistics = () => ({
    people: network.statistics,
    model: model.statistics,
    speech: { recogniser: speech.recogniser, connections: speech.connections() },
  });
  const control = new ControlApi({ key, population, carrier, model, speechFaults, statistics });
  return { population, voices, carrier, speech, model, control };
}

function createFrontServer(context: SimulatorContext, { carrier, speech, model, control }: Parts): Server {
  const server = createServer((request, response) => {
    const taken =
      carrier.handle(request, response) ||
      model.handle(request, response) ||
      control.handle(request, response) ||
      answerOps(context, request, response);
    if (!taken) sendJson(response, 404, { error: 'there is no such path' });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!speech.handleUpgrade(request, socket, head))
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  return server;
}

async function closeParts({ carrier, speech, voices }: Parts): Promise<void> {
  carrier.close();
  speech.close();
  await voices.close();
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}
