import { CAMPAIGN_STATUSES } from '@carillon/contracts';
import { mayDial } from './may-dial.js';

it('A running campaign under the policy "none" may dial, and the decision says that nothing was checked', () => {
  expect(mayDial({ policy: 'none', campaignStatus: 'running' })).toEqual({ allowed: true, reasons: ['policy "none": nothing is checked'] });
});

it('A call from the API needs no campaign', () => {
  expect(mayDial({ policy: 'none', campaignStatus: null }).allowed).toBe(true);
});

it.each(CAMPAIGN_STATUSES.filter((status) => status !== 'running'))('A campaign that is %s dials nobody', (campaignStatus) => {
  expect(mayDial({ policy: 'none', campaignStatus }).allowed).toBe(false);
});

it('A policy that nobody knows lets nothing pass', () => {
  expect(mayDial({ policy: 'nobody-wrote-this', campaignStatus: 'running' })).toEqual({
    allowed: false,
    reasons: ['there is no policy "nobody-wrote-this"'],
  });
});
