declare module 'busboy' {
  import type { IncomingHttpHeaders } from 'node:http';
  import type { Readable, Writable } from 'node:stream';

  function busboy(options: { headers: IncomingHttpHeaders; limits?: Record<string, number> }): busboy.Form;

  namespace busboy {
    interface Form extends Writable {
      on(event: 'file', listener: (name: string, file: Readable, info: { filename?: string }) => void): this;
      on(event: 'field', listener: (name: string, value: string) => void): this;
      on(event: 'error', listener: (error: Error) => void): this;
      on(event: 'close' | 'filesLimit', listener: () => void): this;
    }
  }

  export = busboy;
}
