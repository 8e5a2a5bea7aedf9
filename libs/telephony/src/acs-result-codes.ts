import type { CarrierOutcome, CarrierResult } from './carrier.js';

const byCallee = (disposition: CarrierOutcome['disposition']): CarrierOutcome => ({ disposition, endedBy: 'callee' });
const byUs = (disposition: CarrierOutcome['disposition']): CarrierOutcome => ({ disposition, endedBy: 'us' });
const byCarrier = (disposition: CarrierOutcome['disposition']): CarrierOutcome => ({ disposition, endedBy: 'carrier' });

/**
 * ACS result pairs `code/subCode` of outbound calls. Subcodes 560xxx come from the phone network and end in its SIP status. The pairs
 * are the service's documented ones; what they mean for a campaign is our reading of them.
 */
export const ACS_OUTCOMES: ReadonlyMap<string, CarrierOutcome> = new Map([
  ['200/0', byUs(null)],
  ['200/7000', byUs(null)],
  ['200/5000', byUs(null)], // removed from the call
  ['200/7015', byUs('transferred')],
  ['200/560000', byCallee(null)],
  ['0/560000', byCallee(null)],
  ['200/5010', byCallee(null)], // we were the last one left
  ['429/10110', byCarrier(null)], // longest call the service allows
  ['404/4500', byCarrier(null)], // over already
  ['486/560486', byCallee('busy')],
  ['480/560480', byCarrier('no_answer')],
  ['487/10004', byCarrier('no_answer')], // ring timeout of the service
  ['408/560408', byCarrier('no_answer')],
  ['408/500001', byCarrier('network_failure')], // gateway timeout
  ['487/0', byUs('cancelled')],
  ['487/560487', byUs('cancelled')],
  ['487/540487', byUs('cancelled')],
  ['487/10024', byCallee('declined')],
  ['603/560603', byCallee('declined')],
  ['403/560403', byCallee('rejected')],
  ['403/510403', byCarrier('blocked')],
  ['404/560404', byCarrier('invalid_number')],
  ['404/511404', byCarrier('invalid_number')],
  ['484/560484', byCarrier('invalid_number')],
  ['403/511532', byCarrier('configuration_error')], // no SIP trunk
  ['401/10009', byCarrier('configuration_error')],
  ['410/531004', byCarrier('network_failure')], // media path failed
  ['410/301005', byCarrier('network_failure')], // media path lost
  ['500/560500', byCarrier('network_failure')],
  ['503/560503', byCarrier('network_failure')],
  ['500/10045', byCarrier('network_failure')],
  ['408/8537', byCarrier('network_failure')], // keep-alive lost
]);

/** Subcodes that mean the same under any code. */
const BY_SUB_CODE: ReadonlyMap<number, CarrierOutcome> = new Map([
  [8538, byCallee('declined')],
  [8539, byCallee('busy')],
  [8540, byCallee('busy')], // busy everywhere
  [8541, byCarrier('no_answer')], // unavailable
  [8542, byUs('cancelled')],
  [8544, byCarrier('network_failure')], // unreachable
]);

/** A pair that nobody listed is read by its code, which is a SIP status. */
const BY_CODE: ReadonlyMap<number, CarrierOutcome> = new Map([
  [0, byCarrier(null)],
  [401, byCarrier('configuration_error')],
  [404, byCarrier('invalid_number')],
  [408, byCarrier('no_answer')],
  [410, byCarrier('network_failure')], // in ACS "gone" is said of the media path, not of the number
  [429, byCarrier('network_failure')],
  [480, byCarrier('no_answer')],
  [484, byCarrier('invalid_number')],
  [486, byCallee('busy')],
  [487, byUs('cancelled')],
  [600, byCallee('busy')],
  [604, byCarrier('invalid_number')],
]);

/** What a result means for the call. Unknown pairs fall back to the subcode, then the code, then its class; never throws. */
export function acsOutcome(result: CarrierResult | null): CarrierOutcome {
  if (result === null) return byCarrier(null);
  const { code, subCode } = result;
  return ACS_OUTCOMES.get(`${code}/${subCode}`) ?? BY_SUB_CODE.get(subCode) ?? BY_CODE.get(code) ?? byClass(code);
}

function byClass(code: number): CarrierOutcome {
  switch (Math.trunc(code / 100)) {
    case 2:
      return byCarrier(null);
    case 4:
      return byCarrier('rejected');
    case 6:
      return byCallee('declined');
    default:
      return byCarrier('network_failure');
  }
}
