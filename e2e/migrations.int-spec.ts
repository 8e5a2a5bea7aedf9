import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '..');
const serverUrl = new URL(process.env['DATABASE_URL'] ?? '');
serverUrl.pathname = '/carillon_template';

function prisma(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('node_modules/.bin/prisma', args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DATABASE_URL: serverUrl.href, CHECKPOINT_DISABLE: '1', NODE_OPTIONS: '' },
  });
  return { status, output: stdout + stderr };
}

describe('the migrations', () => {
  test('are known to prisma as applied', () => {
    expect(prisma('migrate', 'status').output).toContain('Database schema is up to date');
  });

  test('leave the database as the schema describes it', () => {
    const { status, output } = prisma('migrate', 'diff', '--from-config-datasource', '--to-schema', 'prisma/schema.prisma', '--exit-code');
    expect(output).toContain('No difference detected');
    expect(status).toBe(0);
  });
});
