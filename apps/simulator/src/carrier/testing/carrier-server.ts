import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpeexResamplers } from '@carillon/providers/resampling';
import { pino } from 'pino';
import { createCarrier, type CarrierOptions, type CarrierSimulator } from '../carrier.js';
import { ScriptedNetwork } from './scripted-network.js';

export const ACCESS_KEY = Buffer.from('a key of the tests').toString('base64');
export const ISSUER = 'https://acscallautomation.communication.azure.com';
export const AUDIENCE = '4f1a6c0e-0000-4000-8000-000000000001';
export const CALLER = '+15550000001';

export interface CarrierServer {
  url: string;
  connectionString: string;
  /** What the adapter needs to know. */
  adapterOptions: { connectionString: string; issuer: string; audience: string; jwksUrl: string };
  carrier: CarrierSimulator;
  network: ScriptedNetwork;
  close(): Promise<void>;
}

/** The emulator on a port of its own, in front of scripted phones. */
export async function openCarrierServer(options: Partial<CarrierOptions> = {}): Promise<CarrierServer> {
  const network = new ScriptedNetwork();
  const log = pino({ level: 'silent' });
  const resamplers = await SpeexResamplers.load();
  const own = { network, accessKey: ACCESS_KEY, issuer: ISSUER, audience: AUDIENCE, resamplers, log, setUpMs: 0 };
  const carrier = createCarrier({ ...own, ...options });
  const server = createServer((request, response) => {
    if (!carrier.handle(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connectionString = `endpoint=${url}/;accesskey=${ACCESS_KEY}`;
  return {
    url,
    connectionString,
    adapterOptions: { connectionString, issuer: ISSUER, audience: AUDIENCE, jwksUrl: `${url}/calling/keys` },
    carrier,
    network,
    close: () => {
      carrier.close();
      return new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      });
    },
  };
}
