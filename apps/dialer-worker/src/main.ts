import { runService } from '@carillon/platform';

await runService({
  name: 'dialer-worker',
  needs: ['postgres', 'redis'],
  start: async (context) => (await import('./start-dialer.js')).startDialer(context),
});
