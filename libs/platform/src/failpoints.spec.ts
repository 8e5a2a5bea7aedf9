import { createFailpoints, FAILPOINTS, noFailpoints, type FailpointName } from './failpoints.js';
import { loadConfig } from './config/load-config.js';

const log = { warn: () => undefined };

/** Comes by at the given places, with chance replaced by the given draws; answers where something struck, and what. */
function visits(armed: string, names: readonly FailpointName[], draws: readonly number[]): string[] {
  const struck: string[] = [];
  let here: FailpointName = FAILPOINTS[0];
  let draw = 0;
  const { failpoints } = loadConfig({ FAILPOINTS: armed }).drill;
  const random = () => draws[draw++] ?? 1;
  const reach = createFailpoints({ armed: failpoints, log, random, strike: (effect) => struck.push(`${here} ${effect}`) });
  for (const name of names) reach((here = name));
  return struck;
}

describe('failpoints', () => {
  it('do nothing unless a drill arms them', () => {
    expect(createFailpoints({ armed: loadConfig({}).drill.failpoints, log })).toBe(noFailpoints);
  });

  it('strike where they are armed, as often as they should', () => {
    const passed: FailpointName[] = ['dial.after-commit', 'dial.after-post', 'dial.after-commit', 'wrap-up.after-commit'];
    const draws = [0.6, 0.99, 0.4];
    expect(visits('dial.after-commit:0.5, dial.after-post:1', passed, draws)).toEqual(['dial.after-post kill', 'dial.after-commit kill']);
  });

  it('may freeze the process instead', () => {
    const armed = 'dial.admitted:0.1,dial.admitted:0.5:freeze';
    expect(visits(armed, ['dial.admitted', 'dial.admitted'], [0.05, 0.2, 0.3])).toEqual(['dial.admitted kill', 'dial.admitted freeze']);
  });

  it('that do not exist are refused by name', () => {
    expect(() => loadConfig({ FAILPOINTS: 'dial.sometime:0.1' })).toThrow(/FAILPOINTS[\s\S]*dial\.sometime/);
    expect(() => loadConfig({ FAILPOINTS: 'dial.admitted:2' })).toThrow(/FAILPOINTS[\s\S]*dial\.admitted:2/);
    expect(() => loadConfig({ FAILPOINTS: 'dial.admitted' })).toThrow('FAILPOINTS');
    expect(() => loadConfig({ FAILPOINTS: 'dial.admitted:0.1:sing' })).toThrow(/FAILPOINTS[\s\S]*dial\.admitted:0\.1:sing/);
  });
});
