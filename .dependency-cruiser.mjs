// Backs up the floors of eslint.config.mjs: that rule skips itself in silence when the project graph is missing, this one reads the files.
const floor = (name, from, to) => ({
  name,
  severity: 'error',
  comment: 'Imports only go down (docs/architecture.md)',
  // suites that specs share stand in src/testing, which no build takes
  from: { path: from, pathNot: '(\\.(int-)?spec\\.ts$)|/src/testing/' },
  to: { path: to },
});

export default {
  forbidden: [
    floor('contracts-import-nothing-of-ours', '^libs/contracts/', '^(apps|libs/(?!contracts/))'),
    floor('rules-import-contracts-only', '^libs/(campaigns|pipeline)/', '^(apps|libs/(?!contracts/|campaigns/|pipeline/))'),
    floor('rules-do-not-import-each-other', '^libs/campaigns/', '^libs/pipeline/'),
    floor('pipeline-does-not-import-campaigns', '^libs/pipeline/', '^libs/campaigns/'),
    floor('adapters-stay-below-platform', '^libs/(store|coordination|telephony|providers)/', '^(apps|libs/(platform|testing)/)'),
    floor('platform-stays-below-apps', '^libs/platform/', '^(apps|libs/testing/)'),
    {
      name: 'adapters-do-not-import-each-other',
      severity: 'error',
      from: { path: '^libs/(store|coordination|telephony|providers)/', pathNot: '\\.(int-)?spec\\.ts$' },
      to: { path: '^libs/(store|coordination|telephony|providers)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'apps-do-not-import-each-other',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'production-does-not-know-the-simulator',
      severity: 'error',
      from: { path: '^(libs|apps/(api|dialer-worker|media-worker))/', pathNot: '\\.(int-)?spec\\.ts$' },
      to: { path: '^apps/simulator/' },
    },
    {
      name: 'the-referee-knows-nothing-of-the-engine',
      comment: 'Who judges the chaos run works everything out for itself (e2e/chaos/README.md)',
      severity: 'error',
      from: { path: '^e2e/chaos/' },
      to: { path: '^(apps|libs)/' },
    },
    { name: 'nest-stays-at-the-rim', severity: 'error', from: { path: '^libs/(?!platform/)' }, to: { path: 'node_modules/@nestjs/' } },
    { name: 'prisma-only-in-store', severity: 'error', from: { path: '^(apps|libs/(?!store/))' }, to: { path: 'node_modules/@prisma/' } },
    {
      name: 'queues-only-in-coordination-and-platform',
      severity: 'error',
      from: { path: '^(apps|libs/(?!coordination/|platform/|testing/))', pathNot: '\\.int-spec\\.ts$' },
      to: { path: 'node_modules/(bullmq|ioredis)/' },
    },
    {
      name: 'acs-only-in-telephony',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/telephony/|\\.spec\\.ts$' },
      to: { path: 'node_modules/@azure/communication-call-automation/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(apps|libs)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(dist|generated)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: {
      conditionNames: ['@carillon/source', 'import', 'node', 'require', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
