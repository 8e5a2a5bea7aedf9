/** What the service says about an end or a failure, in the shape of its events. */
export interface ResultInformation {
  code: number;
  subCode: number;
  message: string;
  sipDetails?: { code: number; message: string };
  q850Details?: { code: number; message: string };
}

const plain = (code: number, subCode: number, message: string): ResultInformation => ({ code, subCode, message });

/** The phone network answered with a SIP status: the subcode is 560000 plus it. */
function sip(code: number, message: string, q850: [code: number, message: string]): ResultInformation {
  const [cause, text] = q850;
  return { ...plain(code, 560_000 + code, message), sipDetails: { code, message }, q850Details: { code: cause, message: text } };
}

export const CALL_RESULTS = {
  endedByServer: plain(200, 7000, 'The call was ended by the application.'),
  endedByCallee: plain(200, 560000, 'The callee hung up.'),
  transferred: plain(200, 7015, 'The call was transferred.'),
  cancelled: sip(487, 'Request Terminated', [16, 'Normal call clearing']),
  busy: sip(486, 'Busy Here', [17, 'User busy']),
  noAnswer: sip(480, 'Temporarily Unavailable', [19, 'No answer from user']),
  declined: sip(603, 'Decline', [21, 'Call rejected']),
  invalidNumber: sip(404, 'Not Found', [1, 'Unallocated number']),
  networkFault: sip(503, 'Service Unavailable', [41, 'Temporary failure']),
  mediaPathLost: plain(410, 301005, 'The media path to the callee was lost.'),
  succeeded: plain(200, 0, 'Action completed successfully.'),
  streamUrlFailed: plain(400, 8581, 'The stream URL is invalid or no WebSocket server answers there.'),
  streamingFailed: plain(500, 8603, 'Media streaming failed.'),
} as const satisfies Record<string, ResultInformation>;
