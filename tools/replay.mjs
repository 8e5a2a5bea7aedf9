// npm run replay -- call.ndjson: runs the log of a call through the turn taking of today and tells whether it does the same as it did then.
import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

const BUILT = new URL('../libs/pipeline/dist/index.js', import.meta.url);
const [path] = process.argv.slice(2);
if (path === undefined) fail('Usage: npm run replay -- call.ndjson');
if (!existsSync(path)) fail(`There is no file ${path}`);
if (!existsSync(BUILT)) fail('Build first: npm run build');

const { replayCall } = await import(BUILT.href);
const lines = [];
for await (const line of createInterface({ input: createReadStream(path) })) {
  if (line.trim() !== '') lines.push(parse(line, lines.length + 1));
}
try {
  const { events, effects, same, difference } = replayCall(lines);
  if (difference !== null) {
    process.stderr.write(`line ${difference.line}\n  then: ${difference.expected}\n  now:  ${difference.actual}\n`);
  }
  process.stdout.write(`${JSON.stringify({ result: 'replay', events, effects, same })}\n`);
  process.exitCode = same ? 0 : 1;
} catch (error) {
  fail(error.message);
}

function parse(line, number) {
  try {
    return JSON.parse(line);
  } catch {
    return fail(`Line ${number} is not JSON`);
  }
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}
