import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { acceptsKey } from '../accepts-key.js';
import type { CarrierSimulator } from '../carrier/carrier.js';
import type { ModelService } from '../model/model-service.js';
import { expectedValue } from '../people/expectations.js';
import { isTalkative } from '../people/person.js';
import type { Population } from '../people/population.js';
import type { SpeechFaults } from '../speech/speech-faults.js';
import { expectationsSchema, faultsSchema, type FaultsRequest } from './control-requests.js';

export interface ControlApiOptions {
  key: string;
  population: Population;
  carrier: Pick<CarrierSimulator, 'ledger' | 'faults' | 'callbacks'>;
  model: Pick<ModelService, 'faults' | 'statistics'>;
  speechFaults: SpeechFaults;
  /** What the parts of the simulator count, read anew for each request. */
  statistics: () => object;
}

const MAX_BODY_BYTES = 4_000_000;

interface Answer {
  status: number;
  /** JSON; lines of JSON where it is a stream. */
  body: object | Readable;
}

/** A refusal that says what to do. */
class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** For referees and tests: who the people are, what the carrier saw, and what is to go wrong. Services under test never see it. */
export class ControlApi {
  readonly #options: ControlApiOptions;

  constructor(options: ControlApiOptions) {
    this.#options = options;
  }

  /** Answers `/control/…`; false when the request is for something else. */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if (!(request.url ?? '').startsWith('/control/')) return false;
    this.#answer(request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) =>
        send(response, error instanceof ControlError ? error.status : 500, {
          error: error instanceof ControlError ? error.message : 'the control API failed',
        }),
    );
    return true;
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    if (!isLoopback(request.socket.remoteAddress)) throw new ControlError(403, 'the control API serves this machine only');
    if (!acceptsKey(request, this.#options.key))
      throw new ControlError(401, 'send the simulator\'s key: "Authorization: Bearer <SIMULATOR_KEY>"');
    const url = new URL(request.url ?? '/', 'http://simulator.invalid');
    const { carrier } = this.#options;
    switch (`${request.method ?? ''} ${url.pathname}`) {
      case 'GET /control/people':
        return { status: 200, body: this.#people(url.searchParams.getAll('phone_number')) };
      case 'POST /control/expectations':
        return { status: 200, body: this.#expectations(await readJson(request, expectationsSchema)) };
      case 'GET /control/carrier': {
        const counts = carrier.ledger.counts();
        return { status: 200, body: { calls: counts.accepted, ...counts } };
      }
      case 'GET /control/carrier/calls':
        return { status: 200, body: carrier.ledger.snapshot().calls };
      case 'GET /control/carrier/calls.ndjson':
        return { status: 200, body: Readable.from(carrier.ledger.lines()) };
      case 'GET /control/statistics':
        return { status: 200, body: this.#statistics() };
      case 'POST /control/faults':
        return { status: 200, body: this.#setFaults(await readJson(request, faultsSchema)) };
      case 'DELETE /control/faults':
        return { status: 200, body: this.#clearFaults() };
      default:
        throw new ControlError(404, 'there is no such control');
    }
  }

  #statistics(): object {
    const { ledger, callbacks, faults } = this.#options.carrier;
    return { ...this.#options.statistics(), carrier: ledger.counts(), callbacks, faults: faults.struck() };
  }

  /** Those of the file, or whoever answers the given numbers. */
  #people(phones: readonly string[]): object {
    const { population } = this.#options;
    return phones.length === 0 ? population.listed() : phones.map((phone) => population.personAt(phone));
  }

  #expectations({ phone_numbers, fields }: z.infer<typeof expectationsSchema>): object {
    const entries = phone_numbers.map((phone) => {
      const person = this.#options.population.personAt(phone);
      const expected = Object.fromEntries(fields.map((field) => [field.name, expectedValue(person, field)]));
      return [phone, { temperament: person.temperament, talkative: isTalkative(person.temperament), expected }];
    });
    return Object.fromEntries(entries) as object;
  }

  #setFaults({ carrier, speech, model }: FaultsRequest): object {
    if (carrier) this.#options.carrier.faults.set(carrier.rules, carrier.seed);
    if (speech) Object.assign(this.#options.speechFaults, withoutNulls(speech));
    if (model) this.#options.model.faults.set(model.fault, model.times);
    return { set: Object.keys({ ...(carrier && { carrier }), ...(speech && { speech }), ...(model && { model }) }) };
  }

  #clearFaults(): object {
    const { carrier, speechFaults, model } = this.#options;
    carrier.faults.set([]);
    Object.assign(speechFaults, Object.fromEntries(Object.keys(speechFaults).map((name) => [name, undefined])));
    model.faults.clear();
    return { cleared: true };
  }
}

function withoutNulls(values: object): object {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? undefined]));
}

function isLoopback(address: string | undefined): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address ?? '');
}

async function readJson<T>(request: IncomingMessage, schema: z.ZodType<T>): Promise<T> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new ControlError(413, 'the body is too large');
    chunks.push(chunk);
  }
  const parsed = schema.safeParse(parse(Buffer.concat(chunks).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new ControlError(422, z.prettifyError(parsed.error));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ControlError(400, 'the body is not JSON');
  }
}

function send(response: ServerResponse, status: number, body: object | Readable): void {
  if (body instanceof Readable) return void body.pipe(response.writeHead(status, { 'content-type': 'application/x-ndjson' }));
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
