// DATABASE_URL=… node tools/create-api-key.mjs [admin|operator|viewer] [label]: makes an API key of the default tenant and prints it, once.
import { createApiKey, openStore } from '../libs/store/dist/index.js';

const [role = 'admin', label = 'command line'] = process.argv.slice(2);
const { DATABASE_URL } = process.env;
if (!DATABASE_URL || !['admin', 'operator', 'viewer'].includes(role)) {
  process.stderr.write('DATABASE_URL=postgresql://… node tools/create-api-key.mjs [admin|operator|viewer] [label]\n');
  process.exitCode = 1;
} else {
  const store = openStore(DATABASE_URL, { maxConnections: 1 });
  try {
    const { key } = await createApiKey(store, { tenantId: 'default', label, role });
    process.stdout.write(`${key}\n`);
  } finally {
    await store.close();
  }
}
