import type { Ms } from '../ports.js';
import type { Effect } from './effects.js';
import type { TurnState } from './state.js';

/**
 * The working copy of one run of the reducer: states are replaced, never written to, so the caller's state stays as it was. It lets the
 * handlers read like a list of steps instead of threading a pair through each other.
 */
export class Step {
  readonly effects: Effect[] = [];

  constructor(
    public state: TurnState,
    readonly at: Ms,
  ) {}

  set(patch: Partial<TurnState>): void {
    this.state = { ...this.state, ...patch };
  }

  emit(effect: Effect): void {
    this.effects.push(effect);
  }
}
