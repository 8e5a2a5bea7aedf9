import { Counter, type Registry } from '@carillon/platform';
import type { BreakerBoard } from '@carillon/providers';

/**
 * The circuits that all processes share, with their troubles counted. A board that cannot be asked harms nobody: each process then goes by what it
 * finds out itself.
 */
export function countedBoard(board: BreakerBoard, registry: Registry): BreakerBoard {
  const failures = new Counter({
    name: 'carillon_provider_board_failures_total',
    help: 'Times that the circuits of the other processes could not be read or ours not be told',
    registers: [registry],
  });
  const counted = async <Value>(asking: Promise<Value>): Promise<Value> => {
    try {
      return await asking;
    } catch (error) {
      failures.inc();
      throw error;
    }
  };
  return {
    get: (provider) => counted(board.get(provider)),
    set: (provider, openForMs) => counted(board.set(provider, openForMs)),
  };
}
