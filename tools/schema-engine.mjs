#!/usr/bin/env node
// Prisma's schema engine as WebAssembly, behind the JSON-RPC that the Prisma CLI speaks to the native binary.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

const args = process.argv.slice(2);
const valuesOf = (flag) => args.flatMap((arg, i) => (arg === flag ? [args[i + 1]] : []));
const url = JSON.parse(valuesOf('--datasource')[0] ?? '{}').url;
const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

if (args.includes('--version')) {
  console.log('schema-engine-wasm');
} else if (args.includes('cli')) {
  await cli(args[args.indexOf('cli') + 1]);
} else {
  serve();
}

// Separate fields, not a connection string: with a string, pg ignores the shadow database's name.
function connection(overrides = {}) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: pathname.slice(1),
    ssl: searchParams.get('sslmode') === 'require' || undefined,
    ...overrides,
  };
}

async function withClient(overrides, use) {
  const client = new pg.Client(connection(overrides));
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

async function cli(command) {
  try {
    if (command === 'can-connect-to-database') await withClient({}, () => undefined);
    else if (command === 'create-database')
      await withClient({ database: 'postgres' }, (c) => c.query(`CREATE DATABASE ${c.escapeIdentifier(connection().database)}`));
    else throw new Error(`unsupported command ${command}`);
  } catch (error) {
    const fields = { error_code: error.code === '3D000' ? 'P1003' : 'P1001', message: error.message };
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`);
    process.exitCode = 1;
  }
}

// Catalogue queries return "char" (oid 18), which adapter-pg refuses: read it as text, report it as a character.
function mapChar(queryable) {
  const performIO = queryable.performIO.bind(queryable);
  const queryRaw = queryable.queryRaw.bind(queryable);
  const startTransaction = queryable.startTransaction?.bind(queryable);
  let charColumns = [];
  queryable.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = (result.fields ?? []).flatMap((field, i) => (field.dataTypeID === 18 ? [i] : []));
    for (const i of charColumns) result.fields[i].dataTypeID = 25;
    return result;
  };
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const i of charColumns) result.columnTypes[i] = ColumnTypeEnum.Character;
    return result;
  };
  if (startTransaction) queryable.startTransaction = async (...a) => mapChar(await startTransaction(...a));
  return queryable;
}

// adapter-pg drops its shadow database while its own pool is still connected to it; this one closes first.
async function connectToShadowDb() {
  const database = `prisma_shadow_${randomUUID()}`;
  await withClient({}, (c) => c.query(`CREATE DATABASE "${database}"`));
  const shadow = await new PrismaPg(connection({ database })).connect();
  const dispose = shadow.dispose.bind(shadow);
  shadow.dispose = async () => {
    await dispose();
    await withClient({}, (c) => c.query(`DROP DATABASE "${database}" WITH (FORCE)`));
  };
  return mapChar(shadow);
}

async function openEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => process.stderr.write(`${JSON.stringify({ is_panic: true, message })}\n`),
  };
  const wasm = new URL('./schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();

  const factory = new PrismaPg(connection());
  const connect = factory.connect.bind(factory);
  factory.connect = async () => mapChar(await connect());
  factory.connectToShadowDb = connectToShadowDb;
  const datamodels = valuesOf('--datamodels').map((path) => [path, readFileSync(path, 'utf8')]);
  return glue.SchemaEngine.new(
    { datamodels: datamodels.length > 0 ? datamodels : undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

function serve() {
  let engine;
  const running = new Set();
  const answer = async ({ id, method, params }) => {
    try {
      engine ??= openEngine();
      const result = (await (await engine)[method === 'getDatabaseVersion' ? 'version' : method](params)) ?? {};
      if (method === 'diff' && result.stdout != null) send({ id: id + 1_000_000, method: 'print', params: { content: result.stdout } });
      send({ id, result });
    } catch (error) {
      const data = { is_panic: false, message: error.message, meta: error.meta ?? null, error_code: error.code ?? null };
      send({ id, error: { code: 4466, message: error.message, data } });
    }
  };
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const request = JSON.parse(line);
    if (!request.method) return; // the CLI's receipt for a `print`
    const task = answer(request).finally(() => running.delete(task));
    running.add(task);
  });
  lines.on('close', async () => {
    await Promise.allSettled(running);
    process.exit(0);
  });
}
