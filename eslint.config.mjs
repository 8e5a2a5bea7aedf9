import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Imports only go down (docs/architecture.md): apps → platform → adapters → rules → contracts. `testing` serves specs of every floor. */
const floors = [
  {
    sourceTag: 'floor:apps',
    onlyDependOnLibsWithTags: ['floor:platform', 'floor:adapters', 'floor:rules', 'floor:contracts', 'floor:testing'],
  },
  { sourceTag: 'floor:platform', onlyDependOnLibsWithTags: ['floor:adapters', 'floor:rules', 'floor:contracts', 'floor:testing'] },
  { sourceTag: 'floor:adapters', onlyDependOnLibsWithTags: ['floor:rules', 'floor:contracts', 'floor:testing'] },
  { sourceTag: 'floor:rules', onlyDependOnLibsWithTags: ['floor:contracts', 'floor:testing'] },
  { sourceTag: 'floor:contracts', onlyDependOnLibsWithTags: ['floor:testing'] },
  { sourceTag: 'floor:testing', onlyDependOnLibsWithTags: ['floor:adapters', 'floor:rules', 'floor:contracts'] },
];

const noEnvironment = { object: 'process', property: 'env', message: 'The environment is read in libs/platform/src/config only.' };
const noWallClock = [
  { object: 'Date', property: 'now', message: 'Time is injected here: take a Clock.' },
  { object: 'performance', property: 'now', message: 'Time is injected here: take a Clock.' },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/generated/**', '.cache/**', '.nx/**', 'node_modules/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strict],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: ['tsconfig.lint.json'], tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: floors,
          allow: [],
          ignoredCircularDependencies: [
            ['@carillon/pipeline', '@carillon/testing'],
            ['@carillon/store', '@carillon/testing'],
            ['@carillon/coordination', '@carillon/testing'],
          ],
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-extraneous-class': 'off', // Nest modules are classes without members
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', 400],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-restricted-properties': ['error', noEnvironment],
      'no-console': 'error',
      eqeqeq: ['error', 'smart'],
    },
  },
  {
    files: ['**/*.spec.ts', '**/*.int-spec.ts', '**/*.e2e-spec.ts', 'libs/testing/**', '**/src/testing/**'],
    rules: { 'max-lines-per-function': 'off' },
  },
  {
    files: [
      'libs/platform/src/config/**',
      'apps/demo/src/**',
      'apps/simulator/src/simulator-config.ts',
      'libs/testing/**',
      'bench/**',
      'e2e/**',
      '**/*.int-spec.ts',
      'prisma.config.ts',
    ],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: ['libs/pipeline/src/**', 'libs/campaigns/src/**'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-properties': ['error', noEnvironment, ...noWallClock],
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate', 'performance'].map((name) => ({
          name,
          message: 'Time is injected here: take a Clock.',
        })),
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    extends: [...tseslint.configs.recommended],
    rules: { 'max-lines': ['error', 400], '@typescript-eslint/no-unused-expressions': 'off' },
  },
);
