import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour } from '../../../local/simulators/magic-numbers.ts';
import { errors, is, onQueue, when } from '../rig/aws-calls.ts';
import { type Books, wrongIn } from '../rig/books.ts';
import { campaign } from '../rig/campaign.ts';
import { whatGrew } from '../rig/flat.ts';
import { type Rig, startRig } from '../rig/rig.ts';

/** A fault that is switched on for a while. */
type Weather = { readonly name: string; readonly begin: (rig: Rig) => Promise<void> | void };

const provider = (name: string, fault: Parameters<Rig['providers']>[0]): Weather => ({
  name,
  begin: (rig) => rig.providers({ callbacks: 'normal', ...fault }),
});

const weathers: readonly Weather[] = [
  { name: 'calm', begin: () => {} },
  provider('accepts, then resets', { mode: 'accept-then-reset', rate: 0.2 }),
  provider('429', { mode: 'status', status: 429, rate: 0.5 }),
  provider('down', { mode: 'status', status: 503 }),
  provider('hangs', { mode: 'hang', on: 'sends', rate: 0.1 }),
  provider('callbacks twice', { callbacks: 'twice' }),
  provider('callbacks reversed', { callbacks: 'reversed' }),
  { name: 'worker killed', begin: (rig) => rig.stack.kill('worker') },
  { name: 'injector killed', begin: (rig) => rig.stack.kill('ci360-injector') },
  {
    name: 'tables throttled',
    begin: (rig) => rig.proxy.meet(when(is('DYNAMODB'), errors.dynamoDbThrottled, 4)),
  },
  {
    name: "tables' answers lost",
    begin: (rig) => rig.proxy.meet(when(is('DYNAMODB', 'PutItem'), { kind: 'cut-after' }, 5)),
  },
  {
    name: 'records twice',
    begin: (rig) => rig.proxy.meet(when(onQueue('outbound', 'SendMessage'), { kind: 'twice' }, 2)),
  },
  { name: 'tokens rotated', begin: (rig) => rig.rotateTokens() },
  {
    name: 'CI360 down',
    begin: (rig) => rig.stack.simulators.setFault('ci360', { mode: 'status', status: 503 }),
  },
];

/** Ordinary people, and those whose messages go wrong by themselves. */
const people: readonly Behaviour[] = [
  'delivered',
  'delivered',
  'delivered',
  'invalid',
  'resets-once',
  'accepted-then-resets',
  'throttled-once',
  'replies',
];

const BATCH = 20;
const WEATHER_MS = 5000;

export type SoakResult = { readonly books: Books; readonly wrong: readonly string[] };

/** Mixed traffic for so long, with faults switching on and off; then calm, and the books. */
export async function soak(minutes: number, say: (line: string) => void): Promise<SoakResult> {
  // The grace is six times the time-out, as in production.
  const rig = await startRig({
    secret_cache_ttl: '60',
    provider_timeout: '3000',
    in_doubt_grace: '18',
  });
  try {
    const fix = () => {
      rig.proxy.meet(undefined);
      rig.providers({ callbacks: 'normal' });
      rig.stack.simulators.setFault('ci360', {});
    };
    const until = performance.now() + minutes * 60_000;
    for (let turn = 0; performance.now() < until; turn += 1) {
      const weather = weathers[turn % weathers.length];
      fix();
      await weather?.begin(rig);
      const turnEnds = performance.now() + WEATHER_MS;
      for (let batch = 0; performance.now() < turnEnds; batch += 1) {
        const behaviour = people[(turn + batch) % people.length] ?? 'delivered';
        await rig.post(campaign(BATCH, { behaviour }), { again: 3 });
        await delay(250);
      }
      say(`${weather?.name}`);
    }
    fix();
    const broken = (await rig.drain()) ? [] : ['the queues did not empty'];
    const books = await rig.books();
    return { books, wrong: [...wrongIn(books), ...broken, ...(await whatGrew(rig.signsDir))] };
  } finally {
    await rig.end();
  }
}
