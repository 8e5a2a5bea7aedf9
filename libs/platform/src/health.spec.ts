import { createHealth } from './health.js';

describe('readiness', () => {
  it('fails until the service opens, and again when it stops', async () => {
    const health = createHealth();
    expect((await health.readiness()).status).toBe('fail');
    health.setReady(true);
    expect((await health.readiness()).status).toBe('ok');
    health.setReady(false);
    expect(health.live()).toEqual({ status: 'ok' });
    expect((await health.readiness()).status).toBe('fail');
  });

  it('carries what the process says of itself, which changes nothing', async () => {
    const health = createHealth();
    health.setReady(true);
    health.tell('capacity', () => 'overloaded');
    expect(await health.readiness()).toMatchObject({ status: 'ok', notes: { capacity: 'overloaded' } });
  });

  it('says which dependency is missing, also when it hangs', async () => {
    const health = createHealth(5);
    health.setReady(true);
    health.check('postgres', () => Promise.reject(new Error('refused')));
    health.check('redis', () => new Promise(() => undefined));
    expect(await health.readiness()).toEqual({
      status: 'fail',
      checks: [
        { id: 'open', status: 'ok' },
        { id: 'postgres', status: 'fail' },
        { id: 'redis', status: 'fail' },
      ],
    });
  });
});
