import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ENGLISH_LINES, translateTexts, type LlmProvider, type TextsToTranslate } from '@carillon/pipeline';
import { OpenAiLlmProvider } from '@carillon/providers';
import { createRealClock } from '@carillon/testing';
import { ModelService } from '../model-service.js';

const clock = createRealClock();
const never = new AbortController().signal;
const ours = (to: string): TextsToTranslate => ({
  ...{ by: 'engine', tenantId: null, from: 'en', to },
  ...{ texts: ENGLISH_LINES, urgent: true, personal: false },
});

describe('the scripted model translates, asked as any model is', () => {
  let server: Server;
  let service: ModelService;
  let llm: LlmProvider;
  beforeEach(async () => {
    service = new ModelService({ key: 'key', sleep: () => Promise.resolve() });
    server = createServer((request, response) => void service.handle(request, response));
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    llm = new OpenAiLlmProvider({ url, key: 'key', model: 'scripted', clock });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ['de', 'Sind Sie noch da?'],
    ['es', '¿Sigue usted ahí?'],
  ])('all lines of the engine into %s, so that every one can be used', async (to, stillThere) => {
    const texts = await translateTexts({ llm, clock }, ours(to), never);
    expect(Object.keys(texts)).toEqual(Object.keys(ENGLISH_LINES));
    expect(texts).toMatchObject({
      stillThere,
      introduction: expect.stringContaining('{bot}'),
      callbackOffer: expect.stringContaining('1'),
    });
  });

  it('what it knows of an operator’s text', async () => {
    const texts = { legal_notice: 'This call is recorded. Prices are without tax.' };
    const wanted: TextsToTranslate = { ...ours('de'), by: 'operator', texts };
    expect(await translateTexts({ llm, clock }, wanted, never)).toEqual({
      legal_notice: 'Dieses Gespräch wird aufgezeichnet. Prices are without tax.',
    });
  });

  it('nothing into a language that it does not know, which is noticed', async () => {
    await expect(translateTexts({ llm, clock }, ours('it'), never)).rejects.toMatchObject({ fault: 'not_translated' });
  });

  it('with the same faults as for everything else', async () => {
    service.faults.set({ kind: 'status', status: 429 }, 1);
    await expect(translateTexts({ llm, clock }, ours('de'), never)).rejects.toMatchObject({ code: 'llm_throttled', retryAfterMs: 1_000 });
    await expect(translateTexts({ llm, clock }, ours('de'), never)).resolves.toBeDefined();
  });
});
