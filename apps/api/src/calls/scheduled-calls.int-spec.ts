import { openTestApi, type TestApi } from '../testing/open-test-api.js';

let api: TestApi;
let headers: { authorization: string };
beforeAll(async () => {
  api = await openTestApi();
  headers = await api.authorize();
});
afterAll(() => api.close());

const call = (phone_number: string, not_before: string) =>
  api.http
    .post('/call')
    .set(headers)
    .send({ phone_number, not_before, bot_company: 'Contoso', bot_name: 'Amélie', agent_phone_number: '+14155550199', policy: 'none' });

interface Listed {
  items: { scheduled_call_id: string; next_at: string }[];
  next: string | null;
}
const page = async (query: string): Promise<Listed> => (await api.http.get(`/scheduled-calls?${query}`).set(headers)).body;

describe('the list of calls for later', () => {
  it('is read page by page, the next first, also where several come at one instant', async () => {
    const times = ['09:00', '08:00', '09:00', '09:00', '10:00'];
    const made = await Promise.all(times.map((time, n) => call(`+1415555011${n}`, `2036-03-02T${time}:00Z`)));
    expect(made.map(({ status }) => status)).toEqual(times.map(() => 202));
    const read: Listed['items'] = [];
    const sizes: number[] = [];
    for (let next: string | null = ''; next !== null;) {
      const { items, next: after }: Listed = await page(`limit=2${next && `&after=${next}`}`);
      read.push(...items);
      sizes.push(items.length);
      next = after;
    }
    expect(sizes).toEqual([2, 2, 1]);
    expect(read.map(({ next_at }) => next_at.slice(11, 16))).toEqual(['08:00', '09:00', '09:00', '09:00', '10:00']);
    expect(new Set(read.map(({ scheduled_call_id: id }) => id)).size).toBe(5);
  });

  it('does not take just anything for the next page', async () => {
    const answer = await api.http.get('/scheduled-calls?after=7').set(headers);
    expect([answer.status, answer.body.error.fields[0].field]).toEqual([422, 'after']);
  });
});

it.each(['0000-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '2101-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
  'A call for %s is refused with the name of the field',
  async (notBefore) => {
    const { status, body } = await call('+14155550120', notBefore);
    expect([status, body.error.code, body.error.fields]).toEqual([
      422,
      'invalid_body',
      [{ field: 'not_before', message: 'must lie in the years 2000 to 2100' }],
    ]);
  },
);
