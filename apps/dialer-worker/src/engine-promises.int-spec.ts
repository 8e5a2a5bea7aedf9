import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import fc from 'fast-check';
import { BUSY, HUNG_UP, LOST, THROTTLED } from './testing/carrier-results.js';
import { DialerStage } from './testing/dialer-stage.js';
import type { PlaceAnswer } from './testing/fake-carrier.js';

const PHONES = ['+14155550100', '+14155550101', '+14155550102', '+14155550103'];

/** What may befall the engine, in any order. */
const blows = {
  tick: (stage: DialerStage) => stage.dialer.tick(),
  'two ticks at once': (stage: DialerStage) => Promise.all([stage.dialer.tick(), stage.dialer.tick()]),
  'jobs run': (stage: DialerStage) => stage.conveyor.run(stage.dialer.handlers),
  'jobs are lost': async (stage: DialerStage) => stage.conveyor.lose(),
  'a job is doubled': async (stage: DialerStage) => void stage.conveyor.jobs.push(...stage.conveyor.jobs.slice(0, 1)),
  reap: (stage: DialerStage) => stage.dialer.reap(),
  'a second passes': async (stage: DialerStage) => stage.advance(1_000),
  'twenty seconds pass': async (stage: DialerStage) => stage.advance(20_000),
  'phones are answered': (stage: DialerStage) => postToOpenCalls(stage, 'answered'),
  'calls end': (stage: DialerStage) => postToOpenCalls(stage, 'ended'),
  'a campaign is paused and resumed': (stage: DialerStage) => pauseAndResume(stage),
};
type Blow = keyof typeof blows;

const answers: Record<string, (stage: DialerStage) => PlaceAnswer> = {
  'rings, and we are told': (stage) => (request) => ({ kind: 'placed', connectionId: stage.carrier.ring(request) }),
  'rings, and the answer is lost': (stage) => (request) => {
    stage.carrier.ring(request);
    return LOST;
  },
  'does not ring, and the answer is lost': () => () => LOST,
  'is throttled': () => () => THROTTLED,
};

async function postToOpenCalls(stage: DialerStage, type: 'answered' | 'ended'): Promise<void> {
  for (const call of await stage.calls()) {
    if (stage.carrier.hasRung(call.id) && !call.wrappedAt)
      await stage.post(call.id, type === 'ended' ? { type, result: call.answeredAt ? HUNG_UP : BUSY } : { type });
  }
}

async function pauseAndResume({ store, dialer }: DialerStage): Promise<void> {
  await store.prisma.campaign.updateMany({ where: { status: 'running' }, data: { status: 'paused' } });
  await dialer.reap();
  await store.prisma.campaign.updateMany({ where: { status: 'paused' }, data: { status: 'running' } });
}

/** Lets everything come to its end: the carrier is well again, and every call ends. */
async function settle(stage: DialerStage): Promise<void> {
  stage.carrier.recover();
  for (let round = 0; round < 40; round++) {
    await stage.giveSlots(10);
    await stage.turn();
    await postToOpenCalls(stage, 'ended');
    await stage.reap();
    if ((await stage.store.prisma.contact.count({ where: { state: { not: 'final' } } })) === 0) return;
    stage.advance(10_000);
  }
}

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('Whatever happens in whatever order: every contact comes to its end, nobody is rung twice, and nobody is lost on the way', async () => {
  const story = fc.record({
    script: fc.array(fc.constantFrom(...Object.keys(answers)), { maxLength: 8 }),
    events: fc.array(fc.constantFrom(...(Object.keys(blows) as Blow[])), { minLength: 5, maxLength: 30 }),
  });
  const tell = async ({ script, events }: { script: string[]; events: Blow[] }) => {
    const stage = await DialerStage.open(database);
    try {
      const campaignId = await stage.campaign(PHONES, { maxConcurrent: 3 });
      for (const name of script) stage.carrier.answerNext((request) => answers[name]?.(stage)(request) ?? LOST);
      for (const event of events) {
        await blows[event](stage);
        await stage.dialer.reap();
        expect(await stage.metric('carillon_contacts_unaccounted')).toBe(0);
      }
      await settle(stage);
      expect(
        (await stage.contacts(campaignId)).map(({ state, blocked, nextAt }) =>
          state === 'final' ? state : { state, blocked, nextAt, now: stage.now },
        ),
      ).toEqual(PHONES.map(() => 'final'));
      for (const phone of PHONES) expect(stage.carrier.ringsOf(phone)).toBeLessThanOrEqual(1);
      expect(await stage.store.prisma.inFlight.count()).toBe(0);
      expect((await stage.coordination.fleet.countSlots()).held).toBe(0);
    } finally {
      await stage.close();
    }
  };
  await fc.assert(fc.asyncProperty(story, tell), { numRuns: 20, endOnFailure: true });
}, 120_000);
