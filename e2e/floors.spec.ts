import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** A file that breaks a floor, put where the rule must see it, and taken away again. */
function withCanary<T>(project: string, source: string, use: (file: string) => T): T {
  const folder = mkdtempSync(join(root, project, 'src', 'canary-'));
  const file = join(folder, 'canary.ts');
  writeFileSync(file, source);
  try {
    return use(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function cruise(file: string): string {
  return spawnSync('node_modules/.bin/depcruise', ['--config', '.dependency-cruiser.mjs', file], { cwd: root, encoding: 'utf8' }).stdout;
}

/** Lints the source as if it stood in the file, with the boundary rule alone: the canary is in no tsconfig. */
function lint(file: string): string {
  const script = `
    import { ESLint } from 'eslint';
    const eslint = new ESLint({ overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parserOptions: { project: null } }, rules: {
      '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-misused-promises': 'off', '@typescript-eslint/await-thenable': 'off',
      '@typescript-eslint/switch-exhaustiveness-check': 'off' } }] });
    const [result] = await eslint.lintFiles([${JSON.stringify(file)}]);
    process.stdout.write(result.messages.map((message) => message.ruleId + ' ' + message.message).join('\\n'));`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' },
  });
}

describe('the floors are held', () => {
  const wrong = "import { openStore } from '@carillon/store';\n\nexport const canary = openStore;\n";

  test('the boundary lint refuses a rule library that reaches up', () => {
    expect(withCanary('libs/campaigns', wrong, lint)).toContain('@nx/enforce-module-boundaries');
  });

  test('the dependency check refuses the same', () => {
    expect(withCanary('libs/campaigns', wrong, cruise)).toContain('rules-import-contracts-only');
  });

  test('the dependency check refuses production code that knows the simulator', () => {
    const source = "import { phone } from '../../../simulator/src/people/pools.js';\n\nexport const canary = phone;\n";
    expect(withCanary('apps/api', source, cruise)).toContain('production-does-not-know-the-simulator');
  });

  test('both are silent about an import that goes down', () => {
    const right = "import { DISPOSITIONS } from '@carillon/contracts';\n\nexport const canary = DISPOSITIONS;\n";
    expect(withCanary('libs/campaigns', right, lint)).toBe('');
    expect(withCanary('libs/campaigns', right, cruise)).toContain('no dependency violations');
  });
});
