import { MINUTE, SECOND } from '../../domain/clock.ts';
import type { HttpClient } from '../../domain/exchange.ts';
import { Unavailable } from '../../domain/unavailable.ts';
import type { Chance } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { Trace } from './trace.ts';

/** One run of a function, which may die at any moment. Its code never hears that it did. */
export type Invocation = {
  readonly name: string;
  /** When it began, by the true time. */
  readonly startedAt: number;
  /** As its machine's clock says. */
  readonly clock: () => number;
  readonly isDead: () => boolean;
  readonly die: (how: string) => void;
  /** It has returned: nothing that is left of it happens. */
  readonly finish: () => void;
  /** Resolves once it is dead. */
  readonly death: Promise<'died'>;
};

/** What goes wrong with one call. `repeated`: the SDK had no answer and called again. */
type Mishap =
  | 'none'
  | 'dies-before'
  | 'dies-meanwhile'
  | 'dies-after'
  | 'refused'
  | 'answer-lost'
  | 'repeated'
  | 'slow-there'
  | 'slow-back';

const storeMishaps = [
  'dies-before',
  'dies-meanwhile',
  'dies-after',
  'refused',
  'refused',
  'answer-lost',
  'repeated',
  'slow-there',
  'slow-back',
] as const;

/** On the way to a provider; `repeated` stands for a request that is lost there. */
const httpMishaps = [...storeMishaps, 'slow-there', 'slow-there', 'slow-there'] as const;

/** Longer than a lease (90 s) and a function (60 s). */
const SLOW: readonly [number, number] = [5 * SECOND, 2 * MINUTE];
/**
 * How late a provider may take up a request that was written and given up: less than the grace after
 * which it is asked (60 s), and less by what two clocks differ. See docs/promises.md.
 */
const LATEST_TAKE_UP = 25 * SECOND;
const PROVIDER_TIMEOUT = 10 * SECOND;

export type Outside = {
  readonly begin: (name: string, lifeMs: number) => Invocation;
  /**
   * A call of `by`'s to a store or a queue: `effect` happens there at a moment of its own. `repeat` is
   * the effect of a second try by the SDK; without one, the call is not repeated.
   */
  readonly call: <T>(
    by: Invocation,
    what: string,
    effect: () => T | Promise<T>,
    options?: { readonly dependency?: string; readonly repeat?: () => T | Promise<T> },
  ) => Promise<T>;
  readonly sleep: (by: Invocation, ms: number) => Promise<void>;
  readonly signalUntil: (by: Invocation, time: number) => AbortSignal;
  /** Requests of `by`'s to a provider; `take` is what that does with one. */
  readonly http: (
    by: Invocation,
    take: (call: Parameters<HttpClient>[0]) => ProviderAnswer,
  ) => HttpClient;
};

/** What a provider answers, and whether its answer leaves it. */
export type ProviderAnswer = {
  readonly status: number;
  readonly body: object;
  readonly date: number;
  readonly answers: 'yes' | 'resets' | 'hangs';
};

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** The world between a function and everything that it talks to. */
export function outsideOf(
  timeline: Timeline,
  chance: Chance,
  settings: {
    /** How often a call goes wrong now. */
    readonly mishaps: () => number;
    /** The clock of a machine against the true time, ms. */
    readonly skew: () => number;
    readonly onDeath: () => void;
  },
  trace: Trace,
): Outside {
  let begun = 0;
  const quick = () => chance.whole(1, 200);
  const slow = () => chance.whole(...SLOW);
  const mishap = (of: readonly [Mishap, ...Mishap[]]): Mishap =>
    chance.happens(settings.mishaps()) ? chance.pick(of) : 'none';

  const begin = (name: string): Invocation => {
    begun += 1;
    const id = `${name} ${begun}`;
    const skew = settings.skew();
    const death = Promise.withResolvers<'died'>();
    let dead = false;
    const die = (how: string) => {
      if (dead) return;
      dead = true;
      trace(() => `${id} dies ${how}`);
      settings.onDeath();
      death.resolve('died');
    };
    return {
      name: id,
      startedAt: timeline.now(),
      clock: () => timeline.now() + skew,
      isDead: () => dead,
      die,
      finish: () => {
        dead = true;
      },
      death: death.promise,
    };
  };

  const call: Outside['call'] = (by, what, effect, options = {}) => {
    if (by.isDead()) return never();
    const fate = mishap(storeMishaps);
    if (fate === 'dies-before') {
      by.die(`before ${what}`);
      return never();
    }
    const { promise, resolve, reject } =
      Promise.withResolvers<Awaited<ReturnType<typeof effect>>>();
    const answer = (deliver: () => void) =>
      timeline.after(fate === 'slow-back' ? slow() : quick(), () => {
        if (!by.isDead()) deliver();
      });
    timeline.after(fate === 'slow-there' ? slow() : quick(), async () => {
      if (fate === 'refused') {
        trace(() => `${by.name}: ${what} is refused`);
        answer(() => reject(new Unavailable(options.dependency ?? what)));
        return;
      }
      let result = await effect();
      trace(() => `${by.name}: ${what} → ${shown(result)}${fate === 'none' ? '' : ` (${fate})`}`);
      if (fate === 'dies-after') return by.die(`after ${what}`);
      if (fate === 'repeated' && options.repeat) {
        await timeline.sleep(quick());
        result = await options.repeat();
        trace(() => `${by.name}: ${what} again → ${shown(result)}`);
      }
      if (fate === 'answer-lost') {
        answer(() => reject(new Unavailable(options.dependency ?? what)));
      } else {
        answer(() => resolve(result));
      }
    });
    if (fate === 'dies-meanwhile') by.die(`during ${what}`);
    return promise;
  };

  const http: Outside['http'] = (by, take) => (request, signal) => {
    if (by.isDead()) return never();
    const what = `${request.method} ${request.url.hostname}`;
    const fate = mishap(httpMishaps);
    if (fate === 'dies-before') {
      by.die(`before ${what}`);
      return never();
    }
    if (signal.aborted || fate === 'refused') {
      trace(() => `${by.name}: ${what} does not leave`);
      return Promise.resolve({ kind: 'not-written', code: 'ECONNREFUSED' });
    }
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<HttpClient>>>();
    let open = true;
    const end = (exchange: Awaited<ReturnType<HttpClient>>) => {
      if (!open) return;
      open = false;
      if (!by.isDead()) resolve(exchange);
    };
    const giveUp = () => {
      if (open) trace(() => `${by.name}: ${what} is given up without an answer`);
      end({ kind: 'unanswered', code: 'ABORT_ERR' });
    };
    signal.addEventListener('abort', giveUp, { once: true });
    timeline.after(PROVIDER_TIMEOUT, giveUp);
    const there =
      fate === 'slow-there' ? chance.whole(SECOND, LATEST_TAKE_UP) : chance.whole(20, 400);
    timeline.after(there, () => {
      // The connection broke and the request with it.
      if (fate === 'repeated') return end({ kind: 'unanswered', code: 'ECONNRESET' });
      const answer = take(request);
      trace(
        () =>
          `${by.name}: ${what} → ${answer.status} ${JSON.stringify(answer.body).slice(0, 160)}${answer.answers === 'yes' ? '' : ` (${answer.answers})`}${fate === 'none' ? '' : ` (${fate})`}`,
      );
      if (fate === 'dies-after') return by.die(`after ${what}`);
      if (answer.answers === 'hangs') return;
      timeline.after(fate === 'slow-back' ? chance.whole(SECOND, 20 * SECOND) : quick(), () =>
        end(
          answer.answers === 'resets' || fate === 'answer-lost'
            ? { kind: 'unanswered', code: 'ECONNRESET' }
            : {
                kind: 'answer',
                status: answer.status,
                headers: { date: new Date(answer.date).toUTCString() },
                body: JSON.stringify(answer.body),
                complete: true,
              },
        ),
      );
    });
    if (fate === 'dies-meanwhile') by.die(`during ${what}`);
    return promise;
  };

  return {
    begin: (name, lifeMs) => {
      const invocation = begin(name);
      timeline.after(lifeMs, () => invocation.die('of old age'));
      return invocation;
    },
    call,
    sleep: async (by, ms) => {
      await timeline.sleep(ms);
      if (by.isDead()) await never();
    },
    signalUntil: (by, time) => {
      const controller = new AbortController();
      timeline.after(time - by.clock(), () => controller.abort());
      return controller.signal;
    },
    http,
  };
}

const LONGEST = 120;

/** An answer in few words: of records only what decides. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(shown).join(', ');
  const told = Object.entries(value).filter(([name]) => telling.has(name));
  const text = JSON.stringify(told.length === 0 ? value : Object.fromEntries(told));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** Fields of deliveries, failed requests, replays and answers that a reader of a trace looks for. */
const telling = new Set([
  'guid',
  'kind',
  'status',
  'phase',
  'version',
  'attempts',
  'replayNo',
  'replays',
  'errorClass',
  'lease',
  'doubt',
  'items',
]);
