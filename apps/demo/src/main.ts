import { once } from 'node:events';
import { parseOptions } from './options.js';
import { printReport } from './print-report.js';
import { runCampaign } from './run-campaign.js';
import { startStack, type Stack } from './stack.js';
import { welcome } from './welcome.js';

const out = process.stderr;

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const { DATABASE_URL: databaseUrl = '', REDIS_URL: redisUrl = '', CARILLON_LOG_DIR: logDir = `.cache/logs/${process.pid}` } = process.env;
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), once(process, 'SIGHUP')]);
  out.write('Starting the services …\n');
  const stack = await startStack({ databaseUrl, redisUrl, logDir });
  try {
    out.write(welcome(stack));
    await Promise.race([demo(stack, options.contactsFile, options.exit), stopped]);
    if (!options.exit) await stopped;
  } finally {
    out.write('\nStopping …\n');
    await stack.stop();
  }
}

async function demo(stack: Stack, contactsFile: string, exit: boolean): Promise<void> {
  const run = await runCampaign(stack, contactsFile, out);
  printReport(out, run.result, run.report, run.mistakes);
  if (!exit) out.write(`${welcome(stack)}Serving on. Ctrl-C stops everything.\n`);
  process.stdout.write(`${JSON.stringify(run.result)}\n`);
}

main().catch((error: unknown) => {
  out.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
