import { localKeys } from '../secrets.ts';

/** A line that sends one message to a simulated phone; works as it stands in any POSIX shell. */
export const tryLine = (url: string): string =>
  `curl -i ${url}/twilio/messages -H 'x-api-key: ${localKeys.connector}' -d '{"eventType":"outboundSystem","guid":"try-'$(date +%s)'","externalTenantId":"local-tenant","identityId":"me","date":{"generatedTimestamp":'$(date +%s)000'},"impression":{"creativeContent":"TO:+12025550123; Hello; it works."}}'`;

/** What to do with a stack that is up. */
export function nextSteps(stack: { url: string; simUrl: string; logsDir: string }): string {
  // The command line knows the usual address, its key and its tenant by itself.
  const given =
    stack.url === 'http://127.0.0.1:3000'
      ? ''
      : `CI360_CONNECTOR_URL=${stack.url} CI360_OPERATOR_KEY=${localKeys.operator} CI360_TENANT=local-tenant `;
  return `
What to try next

  Send a message yourself:
    ${tryLine(stack.url)}
  See what failed and why, and send again what can be:
    ${given}npm run cli -- failed
    ${given}npm run cli -- replay plan
    ${given}npm run cli -- replay --help
  See what the simulated providers received (also scg, ci360):
    curl -s ${stack.simUrl}/_inspect/twilio
  Take Twilio down, send again, and mend it:
    curl -X PUT ${stack.simUrl}/_faults/twilio -d '{"mode":"status","status":503}'
    curl -X DELETE ${stack.simUrl}/_faults/twilio
  Read what a function logged:
    ${stack.logsDir}/worker.log

Ctrl-C ends it.`;
}
