import type { Stack } from './stack.js';

/** What runs where, and commands that can be pasted as they are. */
export function welcome(stack: Stack): string {
  const key = `-H 'Authorization: Bearer ${stack.adminKey}'`;
  const body = JSON.stringify({
    bot_company: 'Contoso',
    bot_name: 'Amélie',
    phone_number: '+14255550111',
    agent_phone_number: '+14155550100',
    task: 'Ask when the parcel should come.',
    claim: [
      { name: 'full_name', type: 'text' },
      { name: 'delivery_date', type: 'datetime', description: 'day on which the parcel should come' },
    ],
  });
  return `
  API docs   ${stack.apiUrl}/docs
  Metrics    ${stack.metricsUrls.join('\n             ')}
  Logs       ${stack.logDir}
  Admin key  ${stack.adminKey}

  Call one (simulated) person, then read the transcript:
    curl -sX POST ${stack.apiUrl}/call ${key} -H 'Content-Type: application/json' -d '${body}'
    curl -s '${stack.apiUrl}/call/+14255550111' ${key}

  The demo campaign runs under the calling policy "none", so that it also runs at 3 a.m.; real campaigns name a real one.

`;
}
