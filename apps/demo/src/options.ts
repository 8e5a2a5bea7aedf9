import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Stop after the report instead of serving on. */
  exit: boolean;
  contactsFile: string;
}

export const USAGE = `npm start [-- --exit] [--contacts FILE.csv]

  --exit           stop after the report; the last line on stdout is its JSON
  --contacts FILE  another CSV than examples/contacts.csv
`;

/** Throws an Error with the usage when a flag is not known. */
export function parseOptions(args: string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args,
      options: { exit: { type: 'boolean', default: false }, contacts: { type: 'string', default: 'examples/contacts.csv' } },
    });
    return { exit: values.exit, contactsFile: values.contacts };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}
