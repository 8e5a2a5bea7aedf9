import { runService } from '@carillon/platform';

await runService({
  name: 'media-worker',
  needs: ['postgres', 'redis'],
  start: async (context) => (await import('./open-media-worker.js')).openMediaWorker(context),
});
