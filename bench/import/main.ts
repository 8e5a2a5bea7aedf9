import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { type ExampleFile, writeExampleFile } from './example-file.js';
import { copyFloor } from './floor.js';
import type { ImportOrder, ImportReport } from './messages.js';

const TENANT_ID = 'default';
const BLACKLISTED = 1_000;

/** tools/services.mjs, which has no types. */
interface ServiceTools {
  startServices(options: { dir: string }): Promise<{ env: { DATABASE_URL: string }; stop(): Promise<void> }>;
  freshDatabase(serverUrl: string, name: string): Promise<string>;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } });
  const tools = (await import(new URL('../../../tools/services.mjs', import.meta.url).href)) as ServiceTools;
  const services = await tools.startServices({ dir: '.cache/postgres-bench' }); // its own settings: every commit reaches the disk
  const dir = await mkdtemp(join(tmpdir(), 'carillon-import-'));
  try {
    const databaseUrl = await tools.freshDatabase(services.env.DATABASE_URL, 'carillon_bench_import');
    process.stdout.write(`${JSON.stringify(await measure(databaseUrl, dir, Number(values.rows)))}\n`);
  } finally {
    await rm(dir, { recursive: true });
    await services.stop();
  }
}

async function measure(databaseUrl: string, dir: string, rows: number): Promise<object> {
  const path = join(dir, 'contacts.csv');
  const example = await writeExampleFile(path, rows, BLACKLISTED);
  const { size: sizeBytes } = await stat(path);
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const campaignId = await makeCampaign(client, example);
    await client.query('CHECKPOINT');
    const report = await runImport({ databaseUrl, tenantId: TENANT_ID, campaignId, path, sizeBytes });
    check(example, report);
    const floorSeconds = await copyFloor(client, campaignId, join(dir, 'ready.copy'));
    return result(report, floorSeconds, sizeBytes);
  } finally {
    await client.end();
  }
}

async function makeCampaign(client: Client, { blacklisted }: ExampleFile): Promise<string> {
  const campaignId = randomUUID();
  await client.query(
    `INSERT INTO campaign (id, tenant_id, name, policies, default_region, initiate, max_concurrent, ring_timeout_ms, max_call_ms)
     VALUES ($1, $2, 'bench', '{none}', 'US', '{}', 1, 30000, 900000)`,
    [campaignId, TENANT_ID],
  );
  await client.query(
    `INSERT INTO blacklist_entry (tenant_id, phone_e164, reason, source) SELECT $1, unnest($2::text[]), 'asked not to be called', 'api'`,
    [TENANT_ID, blacklisted],
  );
  await client.query('ANALYZE');
  return campaignId;
}

async function runImport(order: ImportOrder): Promise<ImportReport> {
  const importer = fork(fileURLToPath(new URL('importer.js', import.meta.url)));
  importer.send(order);
  const report = once(importer, 'message') as Promise<[ImportReport]>;
  const ended = once(importer, 'exit').then(() => Promise.reject(new Error('the importing process died')));
  const [first] = await Promise.race([report, ended]);
  ended.catch(() => undefined);
  return first;
}

/** A quick import of the wrong rows would be worth nothing. */
function check({ rows, bad, repeated, blacklisted }: ExampleFile, { view }: ImportReport): void {
  const counted = { total: view.total, rejected: view.rejected, repeated: view.repeated, blacklisted: view.blacklisted };
  const expected = { total: rows, rejected: bad, repeated, blacklisted: blacklisted.length };
  if (JSON.stringify(counted) === JSON.stringify(expected)) return;
  throw new Error(
    `The import counted ${JSON.stringify(counted)}, the file holds ${JSON.stringify(expected)}: ${JSON.stringify(view.errors)}`,
  );
}

function result({ view, seconds, maxRssMb }: ImportReport, floorSeconds: number, sizeBytes: number): object {
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return {
    ...{ result: 'import', rows: view.total, bad: view.rejected },
    ...{ imported: view.imported, duplicates: view.duplicates, blacklisted: view.blacklisted, file_mb: round(sizeBytes / 1e6, 1) },
    ...{ seconds: round(seconds, 2), floor_seconds: round(floorSeconds, 2), ratio: round(floorSeconds / seconds, 3) },
    ...{ rows_per_s: Math.round(view.total / seconds), rss_mb: Math.round(maxRssMb) },
  };
}

await main();
