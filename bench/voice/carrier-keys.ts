import { createServer } from 'node:http';
import { exportJWK, type CryptoKey } from 'jose';

/** The pretended carrier's key set on a port of its own, as the media worker would fetch it from the cloud. */
export async function openCarrierKeys(publicKey: CryptoKey): Promise<{ url: string; close(): Promise<void> }> {
  const body = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'RS256', use: 'sig' }] });
  const server = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(body));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a numeric port');
  const close = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `http://127.0.0.1:${address.port}/keys`, close };
}
