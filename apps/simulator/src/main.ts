import { processEnvironment, runService } from '@carillon/platform';

await runService({
  name: 'simulator',
  needs: [],
  start: async (context) => {
    const [{ openSimulator }, { readSimulatorConfig }] = await Promise.all([import('./simulator.js'), import('./simulator-config.js')]);
    return openSimulator(context, readSimulatorConfig(processEnvironment()));
  },
});
