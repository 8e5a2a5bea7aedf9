import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { addTranslations, findTranslations } from './translations.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const STILL_THERE = 'Are you still there?';
const GOODBYE = 'Goodbye.';

describe('texts in another language', () => {
  let database: TestDatabase;
  beforeAll(async () => void (database = await openTestDatabase()));
  afterAll(() => database.close());

  const add = (language: string, ...translations: { source: string; text: string }[]) =>
    addTranslations(database.store, { tenantId: null, language, translations, now: NOW });
  const find = (language: string, ...sources: string[]) => findTranslations(database.store, { tenantId: null, language, sources });

  it('are found by language and text, as far as they are there', async () => {
    await add('de', { source: STILL_THERE, text: 'Sind Sie noch da?' });
    await add('es', { source: STILL_THERE, text: '¿Sigue ahí?' });
    expect(await find('de', STILL_THERE, GOODBYE)).toEqual([{ source: STILL_THERE, text: 'Sind Sie noch da?' }]);
    expect(await find('es', STILL_THERE)).toEqual([{ source: STILL_THERE, text: '¿Sigue ahí?' }]);
    expect(await find('it', STILL_THERE)).toEqual([]);
  });

  it('are each tenant’s own: nobody reads what another had translated, and the engine’s lines are nobody’s', async () => {
    const { store } = database;
    const poisoned = [{ source: STILL_THERE, text: 'Rufen Sie 0900 an.' }];
    await addTranslations(store, { tenantId: 't1', language: 'da', translations: poisoned, now: NOW });
    expect(await find('da', STILL_THERE)).toEqual([]);
    expect(await findTranslations(store, { tenantId: 't2', language: 'da', sources: [STILL_THERE] })).toEqual([]);
    await add('da', { source: STILL_THERE, text: 'Er du der?' });
    expect(await find('da', STILL_THERE)).toEqual([{ source: STILL_THERE, text: 'Er du der?' }]);
    expect(await findTranslations(store, { tenantId: 't1', language: 'da', sources: [STILL_THERE] })).toEqual(poisoned);
  });

  it('stay as the first worker wrote them, and a second one is not hurt', async () => {
    await Promise.all(['Hoi.', 'Hoi!'].map((text) => add('nl', { source: GOODBYE, text })));
    const [first] = await find('nl', GOODBYE);
    await add('nl', { source: GOODBYE, text: 'Dag.' }, { source: STILL_THERE, text: 'Bent u er nog?' });
    expect(await find('nl', GOODBYE)).toEqual([first]);
    expect(await find('nl', STILL_THERE)).toHaveLength(1);
  });

  it('are corrected by a person with one statement, and written by one ahead of the model; both stay', async () => {
    await add('pt-BR', { source: STILL_THERE, text: 'Você está?' });
    const { pool } = database.store;
    await pool.query(`UPDATE translation SET text = 'O senhor ainda está aí?', origin = 'human' WHERE language = 'pt-BR' AND source = $1`, [
      STILL_THERE,
    ]);
    await pool.query(
      `INSERT INTO translation (language, source, source_hash, text, origin)
       VALUES ('pt-BR', $1, encode(sha256(convert_to($1, 'UTF8')), 'hex'), 'Até logo.', 'human')`,
      [GOODBYE],
    );
    await add('pt-BR', { source: STILL_THERE, text: 'Oi?' }, { source: GOODBYE, text: 'Tchau.' });
    const found = await find('pt-BR', STILL_THERE, GOODBYE);
    expect(new Set(found.map(({ text }) => text))).toEqual(new Set(['O senhor ainda está aí?', 'Até logo.']));
  });

  it('may hold what Postgres cannot: it is replaced', async () => {
    await add('de', { source: 'a\0b', text: 'c\0d' });
    expect(await find('de', 'a\0b')).toEqual([{ source: 'a\0b', text: 'c\uFFFDd' }]);
  });
});
