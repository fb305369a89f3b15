import { LANE_BATCH, lanesFor } from '../../domain/senders/lane.ts';
import { isRemembered, type Pace, rateAt, slowDown } from '../../domain/senders/pace.ts';
import { msPerUnit, reservation, slotAt } from '../../domain/senders/slots.ts';
import { percentile } from '../measure/percentile.ts';
import { Agenda } from './agenda.ts';
import { type Message, Queue } from './queue.ts';
import { seededRandom } from './random.ts';

export type LanesSetting = {
  /** One sender each. */
  readonly tenants: number;
  readonly messagesEach: number;
  /** By `sender_rates`; undefined where it names none. */
  readonly configured: number | undefined;
  /** Where the search for an unknown limit begins. */
  readonly start: number;
  /** What the provider takes of a sender, at so many seconds from the start. */
  readonly allowed: (seconds: number) => number;
  readonly postedPerSecond: number;
  /** `worker_maximum_concurrency` and `lanes_maximum_concurrency`. */
  readonly workers: number;
  readonly laneWorkers: number;
};

export type LanesOutcome = {
  readonly seconds: number;
  /** Of what the provider allowed in that time. */
  readonly share: number;
  readonly calls: number;
  readonly receives: number;
  /** Conditional updates of the table of senders, for each message. */
  readonly writes: number;
  readonly mostInFlight: number;
  readonly mostInLanes: number;
  readonly p50: number;
};

/** What a batch takes, s: to be moved into lanes, and to be claimed, sent and settled. */
const ENTRY_SECONDS = 0.05;
const SEND_SECONDS = 0.25;
/** A message leaves its worker so much after its slot at most, s. */
const JITTER_SECONDS = 0.01;
const FIRST_POLLERS = 5;
const MORE_PER_SECOND = 300 / 60;
const REST_SECONDS = 0.05;
const LANES_HOLD_MS = 60_000;
const LONGEST_DELAY_MS = 900_000;
const SEARCH_DELAY_MS = 120_000;
const LONGEST_SPAN_MS = 10_000;
const LEAD_MS = 200;
const LONGEST_AHEAD_MS = 10_000;
/** An unknown limit is not looked for beyond this here. */
const MOST_SEARCHED = 1000;

type Lane = { readonly tenant: number; messages: LaneMessage[]; blockedUntil: number };
type LaneMessage = Message & { readonly id: number };

/** What all workers share about a sender, and its bucket at the provider. */
type Sender = {
  sendFreeAt?: number;
  entryFreeAt?: number;
  pace?: Pace;
  readonly lanes: readonly Lane[];
  tokens: number;
  tokensAt: number;
};

/** Plays campaigns through the outbound queue, the lanes and the provider, by the rules of `domain/senders`. */
export function simulateLanes(setting: LanesSetting): LanesOutcome {
  const agenda = new Agenda();
  const queue = new Queue(true);
  const random = seededRandom(7);
  const nowMs = () => agenda.now * 1000;
  const total = setting.tenants * setting.messagesEach;
  const waits: number[] = [];
  let [calls, receives, writes, inFlight, mostInFlight, inLanes, mostInLanes] = [
    0, 0, 0, 0, 0, 0, 0,
  ];

  const laneCount = lanesFor(setting.configured ?? MOST_SEARCHED);
  const lanesOf = (sender: Sender) =>
    setting.configured === undefined
      ? Math.min(laneCount, lanesFor(2 * rateOf(sender)))
      : laneCount;
  const senders = Array.from(
    { length: setting.tenants },
    (_, tenant): Sender => ({
      lanes: Array.from({ length: laneCount }, () => ({ tenant, messages: [], blockedUntil: 0 })),
      tokens: Math.max(1, setting.allowed(0)),
      tokensAt: 0,
    }),
  );
  const at = (tenant: number): Sender => {
    const sender = senders[tenant];
    if (sender === undefined) throw new Error('no such sender');
    return sender;
  };
  const track = (by: number) => {
    inFlight += by;
    mostInFlight = Math.max(mostInFlight, inFlight);
  };

  const isTaken = (sender: Sender): boolean => {
    calls += 1;
    const perSecond = setting.allowed(agenda.now);
    const refilled = sender.tokens + (agenda.now - sender.tokensAt) * perSecond;
    sender.tokens = Math.min(Math.max(1, perSecond), refilled);
    sender.tokensAt = agenda.now;
    if (sender.tokens < 1) return false;
    sender.tokens -= 1;
    return true;
  };
  const rateOf = ({ pace }: Sender): number =>
    pace === undefined
      ? (setting.configured ?? setting.start)
      : rateAt(pace, setting.configured, nowMs());
  const throttled = (sender: Sender, times: number, wasPaced: boolean) => {
    if (times === 0) return;
    if (!wasPaced && isRemembered(sender.pace, nowMs())) return;
    writes += 1;
    const of = { limit: setting.configured, start: setting.start, now: nowMs() };
    sender.pace = slowDown(sender.pace, of, times);
  };

  const put = (message: LaneMessage, seconds = 0) =>
    agenda.add(agenda.now + seconds, () => queue.put(message));
  for (let id = 0; id < total; id += 1) {
    const postedAt = id / setting.postedPerSecond;
    const message = { id, tenant: id % setting.tenants, postedAt, receives: 0 };
    agenda.add(postedAt, () => queue.put(message));
  }
  const turns = new Set<number>();

  /** A batch of the outbound queue: into lanes, or delayed until its turn. */
  const enter = (tenant: number, batch: readonly LaneMessage[]) => {
    const sender = at(tenant);
    const asking = batch.filter(({ id }) => !turns.has(id));
    const longestMs = setting.configured === undefined ? SEARCH_DELAY_MS : LONGEST_DELAY_MS;
    let begins: number | undefined = nowMs();
    if (asking.length > 0) {
      writes += 1;
      const asked = reservation(
        nowMs(),
        asking.length * msPerUnit(rateOf(sender)),
        LONGEST_DELAY_MS,
      );
      begins = slotAt(sender.entryFreeAt, asked);
      if (begins !== undefined) sender.entryFreeAt = begins + asked.lengthMs;
    }
    for (const message of batch) {
      const isAsking = !turns.has(message.id);
      if (isAsking && begins === undefined) {
        put(message, (longestMs * (0.5 + random() / 2)) / 1000);
        continue;
      }
      const aheadMs = isAsking ? (begins ?? 0) - nowMs() : 0;
      if (aheadMs > LANES_HOLD_MS) {
        turns.add(message.id);
        put(message, Math.floor((aheadMs - LANES_HOLD_MS / 2) / 1000));
        continue;
      }
      inLanes += 1;
      sender.lanes[Math.floor(message.id / setting.tenants) % lanesOf(sender)]?.messages.push(
        message,
      );
    }
    mostInLanes = Math.max(mostInLanes, inLanes);
  };

  const sent = (message: Message) => {
    waits.push(agenda.now - message.postedAt);
  };

  /** What a worker does that knows of no pace: it sends, and learns. */
  const sendAtOnce = (tenant: number, batch: readonly LaneMessage[]) => {
    const refused = batch.filter((message) => {
      const taken = isTaken(at(tenant));
      if (taken) sent(message);
      return !taken;
    });
    throttled(at(tenant), refused.length, false);
    for (const message of refused) put(message, 1 + 4 * random());
    return refused.length > 0;
  };

  const work = (knows: Set<number>) => {
    const batch = queue.take(10) as LaneMessage[];
    if (batch.length === 0) {
      agenda.add(agenda.now + REST_SECONDS, () => work(knows));
      return;
    }
    track(batch.length);
    receives += batch.length;
    const known = (tenant: number) =>
      setting.configured !== undefined ||
      (knows.has(tenant) && isRemembered(at(tenant).pace, nowMs()));
    const isEntry = batch.every(({ tenant }) => known(tenant));
    agenda.add(agenda.now + (isEntry ? ENTRY_SECONDS : SEND_SECONDS), () => {
      track(-batch.length);
      for (const message of batch) queue.release(message);
      for (const tenant of new Set(batch.map((message) => message.tenant))) {
        const own = batch.filter((message) => message.tenant === tenant);
        if (known(tenant)) enter(tenant, own);
        else if (sendAtOnce(tenant, own)) knows.add(tenant);
      }
      work(knows);
    });
  };

  const lanes = senders.flatMap((sender) => sender.lanes);
  let turn = 0;
  const nextLane = (): Lane | undefined => {
    for (let tried = 0; tried < lanes.length; tried += 1) {
      turn = (turn + 1) % lanes.length;
      const lane = lanes[turn];
      if (lane && lane.messages.length > 0 && lane.blockedUntil <= agenda.now) return lane;
    }
    return undefined;
  };

  const workOnLanes = () => {
    const lane = nextLane();
    if (lane === undefined) {
      agenda.add(agenda.now + REST_SECONDS, workOnLanes);
      return;
    }
    const sender = at(lane.tenant);
    const received = lane.messages.slice(0, LANE_BATCH);
    receives += received.length;
    track(received.length);
    const msEach = msPerUnit(rateOf(sender));
    const fits = Math.max(1, Math.min(received.length, Math.floor(LONGEST_SPAN_MS / msEach)));
    const asked = reservation(nowMs() + LEAD_MS, fits * msEach, LONGEST_AHEAD_MS);
    writes += 1;
    const begins = slotAt(sender.sendFreeAt, asked);
    lane.blockedUntil = Number.POSITIVE_INFINITY;
    if (begins === undefined) {
      track(-received.length);
      lane.blockedUntil = agenda.now + ((sender.sendFreeAt ?? 0) - nowMs() - 5000) / 1000;
      agenda.add(agenda.now + REST_SECONDS, workOnLanes);
      return;
    }
    sender.sendFreeAt = begins + asked.lengthMs;
    const refused: LaneMessage[] = [];
    for (const [no, message] of received.slice(0, fits).entries()) {
      const slot = (begins + no * msEach) / 1000;
      agenda.add(Math.max(agenda.now, slot) + JITTER_SECONDS * random(), () => {
        if (isTaken(sender)) {
          inLanes -= 1;
          sent(message);
        } else refused.push(message);
      });
    }
    const last = (begins + (fits - 1) * msEach) / 1000;
    agenda.add(Math.max(agenda.now, last) + SEND_SECONDS, () => {
      track(-received.length);
      throttled(sender, refused.length, true);
      lane.messages = [...refused, ...lane.messages.slice(fits)];
      lane.blockedUntil = agenda.now + (refused.length > 0 ? 1 + random() : 0);
      agenda.add(agenda.now + REST_SECONDS, workOnLanes);
    });
  };
  const startAt = (poller: number) => Math.max(0, poller - FIRST_POLLERS + 1) / MORE_PER_SECOND;
  for (let poller = 0; poller < setting.workers; poller += 1) {
    agenda.add(startAt(poller), () => work(new Set()));
  }
  for (let poller = 0; poller < Math.min(setting.laneWorkers, lanes.length); poller += 1) {
    agenda.add(startAt(poller), workOnLanes);
  }

  agenda.run(() => waits.length === total);
  const seconds = agenda.now;
  let allowed = 0;
  for (let second = 0; second < seconds; second += 1) {
    allowed += setting.allowed(second) * Math.min(1, seconds - second);
  }
  return {
    seconds,
    share: total / (allowed * setting.tenants),
    calls: calls / total,
    receives: receives / total,
    writes: writes / total,
    mostInFlight,
    mostInLanes,
    p50: percentile(waits, 0.5),
  };
}
