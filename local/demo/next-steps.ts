import { localKeys } from '../secrets.ts';

/** As whom somebody speaks to a stack. */
export type Caller = {
  readonly tenantId: string;
  readonly connectorKey: string;
  readonly operatorKey: string;
};

/** The one that the stack makes up, and that the command line takes by itself. */
const localCaller: Caller = {
  tenantId: 'local-tenant',
  connectorKey: localKeys.connector,
  operatorKey: localKeys.operator,
};

/** A line that sends one message to a simulated phone; works as it stands in any POSIX shell. */
export const tryLine = (url: string, caller: Caller = localCaller): string =>
  `curl -i ${url}/twilio/messages -H 'x-api-key: ${caller.connectorKey}' -d '{"eventType":"outboundSystem","guid":"try-'$(date +%s)'","externalTenantId":"${caller.tenantId}","identityId":"me","date":{"generatedTimestamp":'$(date +%s)000'},"impression":{"creativeContent":"TO:+12025550123; Hello; it works."}}'`;

/** What to do with a stack that is up. */
export function nextSteps(
  stack: { url: string; simUrl: string; logsDir: string },
  caller: Caller = localCaller,
): string {
  const given = cliVariables(stack.url, caller);
  return `
What to try next

  Send a message yourself:
    ${tryLine(stack.url, caller)}
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

/** What the command line has to be told: it knows the usual port, key and tenant by itself. */
function cliVariables(url: string, { tenantId, operatorKey }: Caller): string {
  const { port } = new URL(url);
  return [
    port === '3000' ? '' : `PORT=${port} `,
    operatorKey === localCaller.operatorKey ? '' : `CI360_OPERATOR_KEY='${operatorKey}' `,
    tenantId === localCaller.tenantId ? '' : `CI360_TENANT='${tenantId}' `,
  ].join('');
}
