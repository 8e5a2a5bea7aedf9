import { runService } from '@carillon/platform';

await runService({
  name: 'api',
  needs: ['postgres', 'redis'],
  start: async (context) => (await import('./start-api.js')).startApi(context),
});
