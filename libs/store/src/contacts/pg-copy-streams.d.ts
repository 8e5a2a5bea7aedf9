declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** A COPY … FROM STDIN, to be given to `client.query` and then written to. */
  export function from(statement: string): Writable & Submittable;
}
