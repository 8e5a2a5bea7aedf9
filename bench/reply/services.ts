import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SpeechSocket } from '@carillon/simulator/speech-socket';
import { SynthesisConnection } from '@carillon/simulator/synthesis-connection';
import { WebSocketServer } from 'ws';
import { answerParent } from '../voice/child-process.js';
import { pause } from '../voice/frame-ticker.js';
import { RecognitionService } from './recognition-service.js';
import { TTFB_MS, TTFT_MS, type ServicesOrder } from './script.js';

/** The first piece is a whole clause, as far as a voice needs it to begin; what follows comes as tokens do. */
const FIRST_PIECE = 'All right, thank you for that. ';
const MORE_PIECES = ['Is ', 'there ', 'anything ', 'else?'];
const TOKEN_MS = 15;
const MS_PER_CHARACTER = 50;
const LEVEL = 3_000;

const [{ utterances }] = (await once(process, 'message')) as [ServicesOrder];
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => void complete(response));
});
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, (webSocket) => {
    const speech = new SpeechSocket(webSocket, {});
    if (request.url?.includes('/tts/')) new SynthesisConnection(speech, { engines: { synthesise }, pace, failed: complain });
    else new RecognitionService(speech, utterances);
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
answerParent({}, async () => {
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});
process.send?.({ type: 'ready', address: `127.0.0.1:${(server.address() as AddressInfo).port}` });

/** A chat completion, streamed: the first token after its time, whatever was asked. */
async function complete(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  await pause(TTFT_MS);
  tell(response, { choices: [{ index: 0, delta: { role: 'assistant', content: FIRST_PIECE }, finish_reason: null }] });
  for (const content of MORE_PIECES) {
    await pause(TOKEN_MS);
    tell(response, { choices: [{ index: 0, delta: { content }, finish_reason: null }] });
  }
  tell(response, { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  tell(response, { choices: [], usage: { prompt_tokens: 1, completion_tokens: 9, total_tokens: 10 } });
  response.end('data: [DONE]\n\n');
}

function tell(response: ServerResponse, chunk: object): void {
  response.write(
    `data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 0, model: 'bench', ...chunk })}\n\n`,
  );
}

/** A hum for as long as the text takes. */
async function synthesise(text: string): Promise<Int16Array> {
  return new Int16Array(text.length * MS_PER_CHARACTER * 16).fill(LEVEL);
}

function pace(): { firstByteDelayMs: number; speed: number } {
  return { firstByteDelayMs: TTFB_MS, speed: 4 };
}

function complain(error: unknown): void {
  process.stderr.write(`synthesis: ${String(error)}\n`);
}
