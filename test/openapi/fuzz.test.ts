import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpHandler } from '../../handlers/runtime/http.ts';
import { operatorOperations } from '../../openapi/operator.ts';
import { anApiEvent } from '../builders/api-event.ts';
import { aDelivery } from '../builders/delivery.ts';
import { service } from '../domain/operator/service.ts';
import { someFailed } from '../domain/replay/replay-setup.ts';
import { fakeObserve } from '../fakes/observe.ts';
import { violationsOf } from './checker.ts';
import { type FuzzedRequest, requestsOf } from './requests.ts';

const known = {
  tenantId: ['tenant-a'],
  confirm: ['tenant-a'],
  guid: ['guid-000001', 'guid-000002'],
  id: ['replay-1'],
  replayId: ['replay-1'],
  code: ['20003'],
  taskId: ['TSK_202'],
  address: ['+12025550123'],
  cursor: [''],
};
const ours = new Set(operatorOperations.map(({ method, path }) => `${method} ${path}`));
const fuzzed = requestsOf(known).filter(([name]) => ours.has(name));

/** The operator's function over a world in memory that has one of each thing to ask for. */
async function operator() {
  const s = service(someFailed(3));
  await s.call('POST /replays', { body: { code: '20003' } });
  await s.call('POST /replays/{id}/pause', { params: { id: 'replay-1' } });
  await s.w.deliveries.insert(aDelivery({ guid: 'guid-000001', status: 'failed' }));
  await s.w.optOuts.optOut('tenant-a', '+12025550123', 'twilio:STOP', s.w.clock());
  s.campaigns.campaigns.push({
    tenantId: 'tenant-a',
    taskId: 'TSK_202',
    externalCode: 'TSK_202',
    startedAt: s.w.clock(),
  });
  return httpHandler({ ...fakeObserve(), flush: () => {} }, () => s.serve);
}

async function send(request: FuzzedRequest, handler: Awaited<ReturnType<typeof operator>>) {
  const { method, key, params, query, headers, body } = request;
  const event = anApiEvent({
    method,
    path: key,
    params,
    query: new URLSearchParams(query).toString(),
    headers: { ...headers, 'x-api-key': 'good' },
    ...(body === undefined ? {} : { body }),
  });
  const answer = await handler(event);
  return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body ?? 'null') };
}

describe('whatever is sent to the operator', () => {
  const accepted = new Set<string>();

  it('is generated for every route', () => {
    expect(fuzzed.map(([name]) => name).sort()).toEqual([...ours].sort());
  });

  it.each(fuzzed)(
    'at %s is answered as described, and never with a 5xx',
    async (name, requests) => {
      await fc.assert(
        fc.asyncProperty(requests, async (request) => {
          const { status, body } = await send(request, await operator());
          if (status < 300) accepted.add(name);
          expect(status).toBeLessThan(500);
          expect(violationsOf({ method: request.method, path: request.key, status, body })).toEqual(
            [],
          );
        }),
        { numRuns: 60, seed: 11 },
      );
    },
  );

  it('is accepted by most routes: a fuzzer that is only ever refused has tried little', () => {
    expect(accepted.size / fuzzed.length).toBeGreaterThan(0.8);
  });
});
