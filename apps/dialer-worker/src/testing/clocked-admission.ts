import type { Admission, ScopeHold } from '@carillon/coordination';

/** The real admission, but for holds, which end by the test's clock instead of Redis' own. */
export function clockedAdmission(admission: Admission, now: () => Date): Admission {
  const holds = new Map<string, { until: number; reason: string }>();
  const held = (keys: readonly string[]) =>
    keys.flatMap((key): [string, ScopeHold][] => {
      const hold = holds.get(key);
      const restMs = hold ? hold.until - now().getTime() : 0;
      return hold && restMs > 0 ? [[key, { restMs, reason: hold.reason }]] : [];
    });
  return {
    ...admission,
    hold: async (key, holdMs, reason) => {
      holds.set(key, { until: now().getTime() + holdMs, reason });
      return holdMs;
    },
    held: async (keys) => new Map(held(keys)),
    admit: async (request) => {
      const [first] = held(request.scopes.map(({ key }) => key));
      if (!first) return admission.admit(request);
      const [scope, { restMs }] = first;
      return { answer: 'refused', reason: 'held', scope, retryAfterMs: restMs };
    },
  };
}
