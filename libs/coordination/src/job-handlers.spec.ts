import { assertHandlersMatchCatalogue } from './job-handlers.js';

const nothing = () => Promise.resolve();

describe('handlers and catalogue', () => {
  const all = { dial: nothing, 'carrier-event': nothing, 'wrap-up': nothing, synthesise: nothing };

  it('match when each job has its handler', () => {
    expect(() => assertHandlersMatchCatalogue(all)).not.toThrow();
  });

  it('differ when a job has none, and the error names it', () => {
    const { synthesise: _, ...rest } = all;
    expect(() => assertHandlersMatchCatalogue(rest)).toThrow('no handler for "synthesise"');
  });

  it('differ when a handler is for no job, and the error names it', () => {
    expect(() => assertHandlersMatchCatalogue({ ...all, dail: nothing })).toThrow('"dail" is not expected here');
  });

  it('may be a named part of the catalogue', () => {
    expect(() => assertHandlersMatchCatalogue({ synthesise: nothing }, ['synthesise'])).not.toThrow();
  });
});
