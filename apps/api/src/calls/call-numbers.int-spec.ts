import { openTestApi, type TestApi } from '../testing/open-test-api.js';

const NOON = new Date('2026-03-02T12:00:00Z');

let api: TestApi;
let person = 0;
beforeAll(async () => {
  api = await openTestApi();
  api.parts.now = () => NOON;
});
afterAll(() => api.close());

const body = (more: object = {}) => ({
  ...{ phone_number: `+1415558${String(person++).padStart(4, '0')}`, agent_phone_number: '+14155550199' },
  ...{ bot_company: 'Contoso', bot_name: 'Amélie', ...more },
});
const tenantWith = async (tenantId: string, ...numbers: object[]) => {
  const headers = await api.authorize('admin', tenantId);
  for (const number of numbers) expect((await api.http.post('/numbers').set(headers).send(number)).status).toBe(201);
  return (more: object = {}) => api.http.post('/call').set(headers).send(body(more));
};

describe('a call of a tenant with numbers of its own', () => {
  it('shows the one that the person knows best: of their country, and of their state', async () => {
    const call = await tenantWith(
      'local',
      { phone_number: '+442079460123' },
      { phone_number: '+12125550123' },
      { phone_number: '+14155550123' },
    );
    expect((await call()).body).toMatchObject({ status: 'queued', caller_number: '+14155550123' });
  });

  it('is refused when each number has had its calls of the day, also by many at once', async () => {
    const call = await tenantWith('few', { phone_number: '+14155550123', daily_cap: 2 }, { phone_number: '+12125550123', daily_cap: 1 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => call()));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.error).toMatchObject({
      code: 'refused',
      reasons: [{ code: 'number_cap', until: '2026-03-03T00:00:00.000Z' }],
      next_allowed_at: '2026-03-03T00:00:00.000Z',
    });
  });

  it('waits for tomorrow where the caller can wait', async () => {
    const call = await tenantWith('patient', { phone_number: '+14155550123', daily_cap: 1 });
    await call();
    const { status, body: scheduled } = await call({ schedule_if_refused: true });
    expect([status, scheduled]).toMatchObject([202, { next_at: '2026-03-03T00:00:00.000Z', blocked: 'number_cap' }]);
  });

  it('is refused for good when all of them are switched off', async () => {
    const call = await tenantWith('off', { phone_number: '+14155550123', enabled: false });
    const { status, body: refusal } = await call({ schedule_if_refused: true });
    expect([status, refusal.error]).toMatchObject([409, { reasons: [{ code: 'number_cap' }], next_allowed_at: null }]);
  });
});
