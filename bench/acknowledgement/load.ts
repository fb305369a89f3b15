import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { benchEvent, connectorHeaders } from '../calls/post-events.ts';
import { percentile } from '../measure/percentile.ts';

export type Load = {
  /** Requests at once, each sent when the one before is answered. */
  readonly connections: number;
  /** How long to go on; or how many requests to make. */
  readonly until: { readonly seconds: number } | { readonly requests: number };
};

/** The result of a run of requests. Times in ms. */
export type LoadResult = {
  readonly p50: number;
  readonly p99: number;
  /** Share that was answered 2xx. */
  readonly accepted: number;
  readonly perSecond: number;
};

const GUID = randomUUID();
const around = JSON.stringify(benchEvent(recipient('delivered', 0), GUID)).split(GUID);
/** The same event with another guid, made fast enough not to count. */
const nextBody = () => around.join(randomUUID());

/** Posts events, each another one, as fast as they are answered. */
export async function postEventsAtOnce(
  url: string,
  { connections, until }: Load,
): Promise<LoadResult> {
  const times: number[] = [];
  let accepted = 0;
  const from = performance.now();
  await new Promise<void>((resolve, reject) => {
    const run = autocannon(
      {
        url: `${url}/twilio/messages`,
        method: 'POST',
        headers: connectorHeaders,
        connections,
        timeout: 60,
        ...('seconds' in until ? { duration: until.seconds } : { amount: until.requests }),
        requests: [{ setupRequest: (request) => ({ ...request, body: nextBody() }) }],
      },
      (error) => (error ? reject(error) : resolve()),
    );
    run.on('response', (_client, status, _bytes, ms) => {
      times.push(ms);
      if (status >= 200 && status < 300) accepted += 1;
    });
  });
  const seconds = (performance.now() - from) / 1000;
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    accepted: accepted / times.length,
    perSecond: times.length / seconds,
  };
}
