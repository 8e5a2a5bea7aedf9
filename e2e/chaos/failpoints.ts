/** Places on each boundary of the engine's states (libs/platform/src/failpoints.ts), and how often a process dies there. */
interface Armed {
  dialer: string;
  media: string;
  api: string;
}

const DIALER = [
  'claim.after-commit',
  'dial.admitted',
  'dial.before-commit',
  'dial.after-commit',
  'dial.after-post',
  'event.before-apply',
  'event.after-apply',
  'wrap-up.before-commit',
  'wrap-up.after-commit',
];
const MEDIA = ['media.bound', 'media.before-close'];
const API = ['inbox.before-write', 'inbox.after-write'];

/** Where a dialer that was away for too long must not simply go on. */
const FROZEN = ['dial.admitted', 'dial.after-commit'];

const armed = (names: readonly string[], probability: number, effect = '') =>
  names.map((name) => `${name}:${probability}${effect}`).join(',');
/** A tick comes four times a second, a call once or twice. */
const PER_TICK = 0.1;
const dialer = (kill: number, freeze: number) =>
  [armed(DIALER, kill), armed(['claim.before-commit'], PER_TICK * kill), armed(FROZEN, freeze, ':freeze')].join(',');

/** A call passes each about once (events: three to six times), so a thousand calls bring some fifteen deaths of dialers, and a few of the others. */
export const FAILPOINTS: Record<'whole' | 'quick', Armed> = {
  whole: { dialer: dialer(0.0015, 0.001), media: armed(MEDIA, 0.0015), api: armed(API, 0.0005) },
  quick: { dialer: dialer(0.004, 0.004), media: armed(MEDIA, 0.004), api: armed(API, 0.002) },
};
