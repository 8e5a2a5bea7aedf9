/** An answer of the service that is no success: its status, its error code and what it says. */
export class AcsError extends Error {
  override readonly name = 'AcsError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  get body(): object {
    return { error: { code: this.code, message: this.message } };
  }
}

export const invalidArgument = (message: string) => new AcsError(400, '8523', message);
export const noSuchCall = () => new AcsError(404, '8522', 'Call not found.');
