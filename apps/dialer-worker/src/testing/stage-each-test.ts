import { openTestDatabase, type TestDatabase } from '@carillon/testing';
import { DialerStage } from './dialer-stage.js';

/** A stage of its own for each test of the file, all on one database. After each test no job may have failed, and every contact must be accounted for. */
export function stageEachTest(enter: (stage: DialerStage) => void): void {
  let database: TestDatabase;
  let stage: DialerStage;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    stage = await DialerStage.open(database);
    enter(stage);
  });
  afterEach(async () => {
    expect(stage.conveyor.failures).toEqual([]);
    await stage.reap();
    expect(await stage.metric('carillon_contacts_unaccounted')).toBe(0);
    await stage.close();
  });
  afterAll(() => database.close());
}
