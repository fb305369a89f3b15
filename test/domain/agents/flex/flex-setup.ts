import { createHash, randomUUID } from 'node:crypto';
import { httpClient } from '../../../../adapters/http/client.ts';
import { flex } from '../../../../domain/agents/flex/flex.ts';
import type { HttpClient } from '../../../../domain/exchange.ts';
import type { HttpAnswer } from '../../../../domain/http.ts';
import type { TenantSecret } from '../../../../domain/tenant/tenant-secret.ts';
import { simulatorSecret } from '../../../../local/simulators/credentials.ts';
import type { Simulators } from '../../../../local/simulators/start-simulators.ts';
import { agentApi } from '../../../../providers/twilio/agents/api.ts';
import { twilioFlex } from '../../../../providers/twilio/agents/flex.ts';
import { answering } from '../../../builders/answering.ts';
import { anHttpRequest } from '../../../builders/http-request.ts';
import { fakeAgentRecords } from '../../../fakes/agent-records.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { fakeObserve } from '../../../fakes/observe.ts';
import { fakeOptOuts } from '../../../fakes/opt-outs.ts';
import { fakeTenantSecrets } from '../../../fakes/tenant-secrets.ts';

/** The Flex routes over the real adapters, against simulated companies that have forgotten everything. */
export function aFlex(simulators: Simulators, secret: Partial<TenantSecret> = {}) {
  for (const name of ['flex', 'conversations', 'chat', 'proxy', 'twilio'] as const) {
    simulators.setFault(name, {});
    simulators.inspection(name).forget();
  }
  simulators.setSecrets({ 'local-tenant': simulatorSecret(simulators.url) });
  simulators.agents.forget();
  const clock = fakeClock();
  const records = fakeAgentRecords();
  const optOuts = fakeOptOuts();
  const observe = fakeObserve();
  const tenantSecret = { ...simulatorSecret(simulators.url), ...secret };
  const secrets = fakeTenantSecrets({ 'local-tenant': tenantSecret });
  const http = httpClient({ clock: Date.now });
  let before: (path: string) => void = () => {};
  const watched: HttpClient = (call, signal) => {
    before(`${call.method} ${call.url.pathname}`);
    return http(call, signal);
  };
  const wait = async () => {};
  const route = flex({
    secrets,
    records,
    optOuts,
    observe,
    clock,
    newId: randomUUID,
    wait,
    flex: twilioFlex(agentApi(watched, Date.now), wait),
    digest: (text) => createHash('sha256').update(text).digest('hex'),
    limit: () => new AbortController().signal,
    numbering: { defaultCountry: 'US' },
    authenticate: async (headers) =>
      headers['x-api-key'] === 'key' ? { name: 'flex', tenants: ['local-tenant'] } : undefined,
    allowedOrigins: ['https://flex.twilio.com'],
  });

  const call = (
    method: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = { 'x-api-key': 'key' },
    tenantId = 'local-tenant',
  ): Promise<HttpAnswer> =>
    answering(route)(
      anHttpRequest({
        method,
        path: `/flex/${tenantId}/${path}`,
        params: { tenantId },
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  /** How often one of the companies was asked for this. */
  const asked = (name: string, method: string, part: string): number =>
    [...simulators.inspection(name).entries()].filter(
      (request) => request.method === method && request.path.includes(part),
    ).length;
  return {
    call,
    open: (fields: object = {}, headers?: Record<string, string>) =>
      call('POST', 'outbound-sms-tasks', { ...task, ...fields }, headers),
    send: (fields: object = {}, headers?: Record<string, string>) =>
      call('POST', 'outbound-messages', { ...task, messageBody: 'Hello', ...fields }, headers),
    clean: () => call('DELETE', 'proxy-sessions', ''),
    asked,
    clock,
    records,
    optOuts,
    secrets,
    observe,
    /** Is told of every call to the companies just before it is made. */
    beforeCall: (act: (methodAndPath: string) => void) => {
      before = act;
    },
  };
}

export const task = {
  fromNumber: '+12025550100',
  toName: 'Ana Lima',
  toNumber: '+12025550120',
};
