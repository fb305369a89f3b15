import { localKeys } from '../secrets.ts';

/** Who speaks to a stack. */
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

/** The simulated companies that the caller's tenant may have its traffic with. */
export const companies = ['twilio', 'scg', 'ci360'] as const;
export type Company = (typeof companies)[number];

/** The companies that a tenant's secret points at the simulators at `simUrl`; the others are real ones. */
export function simulatedFor(
  secret: Readonly<Record<string, unknown>>,
  simUrl: string,
): readonly Company[] {
  const { port } = new URL(simUrl);
  return companies.filter((company) => {
    const url = secret[`${company}_api_url`];
    if (typeof url !== 'string' || !URL.canParse(url)) return false;
    const given = new URL(url);
    return ['127.0.0.1', 'localhost'].includes(given.hostname) && given.port === port;
  });
}

type Up = { readonly url: string; readonly simUrl: string; readonly logsDir: string };

/** What to do with a stack that is up; simulators only where the caller's traffic reaches them. */
export function nextSteps(
  stack: Up,
  caller: Caller = localCaller,
  simulated: readonly Company[] = companies,
): string {
  const given = cliVariables(stack.url, caller);
  return `
What to try next

  Send a message yourself${simulated.includes('twilio') ? '' : ', through your own account (put a number of yours after TO:)'}:
    ${tryLine(stack.url, caller)}
  See what waits, what failed and why, and send again what can be:
    ${given}npm run cli -- status
    ${given}npm run cli -- failed
    ${given}npm run cli -- replay plan
    ${given}npm run cli -- replay --help
${simulatorSteps(stack.simUrl, simulated)}  Read what a function logged:
    ${stack.logsDir}/worker.log
  Change a setting, here or in settings.local.yml (all of them: docs/configuration.md):
    event_ttl=600 npm start

Ctrl-C ends it.`;
}

function simulatorSteps(simUrl: string, [first, ...others]: readonly Company[]): string {
  if (first === undefined) return '';
  const also = others.length === 0 ? '' : ` (also ${others.join(', ')})`;
  return `  See what the simulated ${first} took${also}:
    curl -s ${simUrl}/_messages/${first}
  Make it fail, send again, and end the fault:
    curl -X PUT ${simUrl}/_faults/${first} -d '{"mode":"status","status":503}'
    curl -X DELETE ${simUrl}/_faults/${first}
`;
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
