/** Keeps a second error away from other calls while this one ends. Only the first is told: it is the cause, and there is nobody else to tell. */
export function contain(action: () => void, onError?: (error: Error) => void): void {
  try {
    action();
  } catch (error) {
    if (onError !== undefined) contain(() => onError(asError(error)));
  }
}

/** What cannot be opened leaves nothing open that was opened before it. Throws what `open` throws. */
export function openAfter<T>(before: { close(): void }, open: () => T): T {
  try {
    return open();
  } catch (error) {
    contain(() => before.close());
    throw error;
  }
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
