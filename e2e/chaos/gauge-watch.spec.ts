import { valuesOf } from './gauge-watch.js';

test('a gauge is read whatever its labels, and not what only begins like it', () => {
  const text = [
    '# HELP carillon_contacts_unaccounted Contacts that are in no state',
    'carillon_contacts_unaccounted{service="dialer-worker"} 3',
    'carillon_contacts_unaccounted 0',
    'carillon_contacts_unaccounted_total 9',
  ].join('\n');
  expect(valuesOf(text, 'carillon_contacts_unaccounted')).toEqual([3, 0]);
});
