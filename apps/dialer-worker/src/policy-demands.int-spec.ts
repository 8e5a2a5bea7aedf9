import { createCall, loadCallContext } from '@carillon/store';
import type { DialerStage } from './testing/dialer-stage.js';
import { INITIATE } from './testing/initiate.js';
import { stageEachTest } from './testing/stage-each-test.js';

const [tenantId, phoneE164] = ['default', '+14155551000'];
const californian = {
  bucket: { country: 'US', regions: ['CA'], timeZones: ['America/Los_Angeles'], consent: 'express_written' },
};

let stage: DialerStage;
stageEachTest((opened) => {
  stage = opened;
  stage.now = new Date('2030-07-03T12:00:00-07:00'); // a Wednesday
});

const forTenant = (settings: object) => stage.store.prisma.tenant.update({ where: { id: tenantId }, data: { settings } });
const ringTimeouts = async () => (await stage.calls()).map(({ ringTimeoutMs }) => ringTimeoutMs);
const campaignThatRings = async (ringTimeoutMs: number, policy: string) => {
  const id = await stage.campaign([phoneE164], { policy, ...californian });
  await stage.store.prisma.campaign.update({ where: { id }, data: { ringTimeoutMs } });
};

describe('a phone in the USA', () => {
  it('rings for 15 seconds at least, whatever its campaign was made with', async () => {
    await campaignThatRings(5_000, 'us-federal');
    await stage.turn();
    expect(await ringTimeouts()).toEqual([15_000]);
  });

  it('does so by a policy of the tenant as well', async () => {
    await forTenant({ policies: ['us-federal'] });
    await campaignThatRings(5_000, 'none');
    await stage.turn();
    expect(await ringTimeouts()).toEqual([15_000]);
  });

  it.each([
    [40_000, 'us-federal'],
    [5_000, 'none'],
  ])('rings %i ms as the campaign says, under %s', async (ringTimeoutMs, policy) => {
    await campaignThatRings(ringTimeoutMs, policy);
    await stage.turn();
    expect(await ringTimeouts()).toEqual([ringTimeoutMs]);
  });

  it('rings that long for a call from the API too', async () => {
    await createCall(stage.store, {
      ...{ tenantId, phoneE164, initiate: INITIATE, traceparent: null, ringTimeoutMs: 5_000, maxCallMs: 60_000, now: stage.now },
      ...{ asked: { policies: ['us-federal'], consent: 'express_written' }, notAfter: new Date(stage.now.getTime() + 30_000) },
    });
    expect(await ringTimeouts()).toEqual([15_000]);
  });
});

it('What the policies want said lies ready for the media worker, also when Redis has lost it, and is kept with the call', async () => {
  await stage.campaign([phoneE164], { policy: 'us-strict-states', ...californian });
  await stage.turn();
  const [call] = await stage.calls();
  const name = { tenantId, callId: call?.id ?? '' };
  const disclosures = ['identity', 'opt_out', 'ai'];
  expect(await stage.coordination.calls.getContext(name)).toMatchObject({ disclosures });
  expect(await loadCallContext(stage.store, name)).toMatchObject({ disclosures });
  expect(call?.decision).toMatchObject({ disclosures });
});
