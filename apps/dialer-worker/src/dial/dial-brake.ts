/** Stops this process from claiming more contacts while the carrier throttles us. */
export interface DialBrake {
  hold(until: Date): void;
  isHeld(now: Date): boolean;
}

export function createDialBrake(): DialBrake {
  let heldUntil = new Date(0);
  return {
    hold: (until) => {
      if (until > heldUntil) heldUntil = until;
    },
    isHeld: (now) => now < heldUntil,
  };
}
