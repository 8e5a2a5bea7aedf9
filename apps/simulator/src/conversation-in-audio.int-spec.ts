import { type ClaimField, campaignRequestSchema } from '@carillon/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EnginePaths } from './engines/engine-thread.js';
import { openSpeechEngines, type SpeechEngines } from './engines/speech-engines.js';
import { agentLines } from './people/agent-lines.js';
import { callerLines } from './people/caller-lines.js';
import { expectedValue } from './people/expectations.js';
import { readPeopleFile } from './people/people-file.js';
import { isTalkative, type Person } from './people/person.js';
import { Population } from './people/population.js';
import { AudioCall } from './testing/audio-call.js';
import { TODAY } from './testing/text-call.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

let engines: SpeechEngines;
let people: Person[];
let fields: ClaimField[];

beforeAll(async () => {
  const tool = (await import(join(ROOT, 'tools/speech-engines.mjs'))) as {
    fetchSpeechEngines(options: { dir: string }): Promise<EnginePaths>;
  };
  const entries = await readPeopleFile(join(ROOT, 'apps/simulator/people.json'));
  people = new Population({ entries, seed: 'carillon', today: () => TODAY }).listed();
  fields = campaignRequestSchema.parse(JSON.parse(readFileSync(join(ROOT, 'examples/campaign.json'), 'utf8'))).initiate.claim;
  engines = await openSpeechEngines(await tool.fetchSpeechEngines({ dir: join(ROOT, '.cache/speech') }), { threads: 1 });
  await engines.setLanguageModel('callers', callerLines(people));
  await engines.setLanguageModel('agents', agentLines());
}, 300_000);

afterAll(() => engines.close());

test("everybody in the demo's file who talks tells all their facts, by ear and by mouth", async () => {
  for (const person of people.filter(({ temperament }) => isTalkative(temperament))) {
    const call = new AudioCall(engines, person, fields, 'slt');
    await call.hold();
    const expected = Object.fromEntries(fields.map((field) => [field.name, expectedValue(person, field)]));
    expect({ log: call.log, claim: call.text.claim }).toEqual({ log: call.log, claim: expected });
    expect(call.text.ended).toBe('nothing is left to ask');
  }
}, 300_000);

test('an impatient person does interrupt the agent', async () => {
  const person = people.find(({ temperament }) => temperament === 'interrupts');
  if (!person) throw new Error('nobody in the file interrupts');
  const call = new AudioCall(engines, person, fields, 'slt');
  await call.hold();
  expect(call.interruptions).toBeGreaterThanOrEqual(1);
}, 120_000);
