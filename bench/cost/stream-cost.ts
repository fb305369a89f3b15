import {
  changesOf,
  searchedChangesOf,
  streamEventSchema,
} from '../../adapters/aws/delivery-changes.ts';
import { indexItems } from '../../domain/campaigns/message-terms.ts';
import { addedBy } from '../../domain/campaigns/totals.ts';
import { round, type Table } from '../table.ts';
import type { Prices } from './prices.ts';
import { costOf, times, type Usage } from './usage.ts';

const MILLION = 1e6;
/** Changes of a message: claimed, sent, and two statuses that are joined and reported. */
const CHANGES = 6;
const BATCH = 1000;
/** A Lambda of 512 MB has so much of a core. */
const CORE_SHARE = 512 / 1769;
const MEMORY_GIGABYTES = 0.5;
/** An item of totals with the positions of 16 shards is below two kilobytes. */
const UNITS_OF_AN_ITEM = 2;
/** Bytes of a delivery, for the check that reads them all, eventually consistent. */
const DELIVERY_BYTES = 650;
const DAYS_KEPT = 30;

const created = Date.UTC(2026, 10, 20, 9);

/** The image of one message's delivery after so many changes. */
function image(message: number, change: number) {
  const guid = `0b6f1f0e-6f57-4f3a-8d3e-${String(message).padStart(12, '0')}`;
  const text = (value: string) => ({ S: value });
  const number = (value: number) => ({ N: String(value) });
  return {
    delivery_id: text(`5f0c8f0e9d00014a7c3e1b2d#${guid}`),
    tenant_id: text('5f0c8f0e9d00014a7c3e1b2d'),
    guid: text(guid),
    provider: text('twilio'),
    channel: text('SMS'),
    country: text('US'),
    address_hash: text(`hash${String(message).padStart(12, '0')}`),
    tried: { M: { sender: text('+12025550100'), content: text('0a1b2c3d'), segments: number(1) } },
    task_id: text('9f0d2c4b-55a1-4e86-b7d4-20f1c3e6a8b7'),
    identity_id: text(`7f3a9c0e-5b1d-4c7e-9a55-${String(message).padStart(12, '0')}`),
    external_code: text('TSK_42'),
    response_tracking_code: text('3f1a8f0e-9d00-414a-bc3e-1b2d5b7a1c11'),
    status: text(['sending', 'sent', 'sent', 'sent', 'delivered', 'delivered'][change] ?? ''),
    version: number(change + 1),
    attempts: number(0),
    replay_no: number(0),
    history: text('c0 a4b S9f i9z:sent Dzz i10a:delivered'),
    ...(change > 0
      ? {
          provider_message_id: text(`SM${String(message).padStart(32, '0')}`),
          sent_at: number(created + 900),
        }
      : {}),
    accepted_at: number(created),
    created_at: number(created + 100),
    updated_at: number(created + 100 + change),
    expire_ts: number(created / 1000),
  };
}

/** One batch of a campaign, as Lambda hands it over, in JSON. */
function batchOfCampaign(): string {
  const Records = Array.from({ length: BATCH }, (_, at) => {
    const change = Math.floor(at / (BATCH / CHANGES));
    const message = at % Math.floor(BATCH / CHANGES);
    return {
      eventName: change === 0 ? 'INSERT' : 'MODIFY',
      dynamodb: {
        SequenceNumber: String(4_421_584_500_000_000 + at),
        NewImage: image(message, Math.min(change, CHANGES - 1)),
        ...(change === 0 ? {} : { OldImage: image(message, Math.min(change, CHANGES - 1) - 1) }),
      },
    };
  });
  return JSON.stringify({ shardId: 'shardId-1', Records });
}

/** The median of some runs, in ms. */
function median(run: () => void): number {
  const taken = Array.from({ length: 15 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return taken.sort((a, b) => a - b)[7] ?? 0;
}

/** What the stream of the deliveries costs for a message of a campaign. */
function streamUsage(): {
  readonly totals: Usage;
  readonly search: Usage;
  readonly check: Usage;
} {
  const event = batchOfCampaign();
  const messages = BATCH / CHANGES;
  const { Records } = streamEventSchema.parse(JSON.parse(event));
  const seconds = (ms: number) => (ms / 1000 / CORE_SHARE) * MEMORY_GIGABYTES;
  const totalsMs = median(() => {
    addedBy(changesOf(streamEventSchema.parse(JSON.parse(event)).Records));
  });
  const searchMs = median(() => {
    indexItems(searchedChangesOf(Records));
  });
  const items = indexItems(searchedChangesOf(Records));
  const units = items.reduce(
    (sum, item) => sum + Math.ceil((JSON.stringify(item).length + 100) / 1024),
    0,
  );
  const ofMessage = (usage: Usage) => times(usage, 1 / messages);
  return {
    totals: ofMessage({
      lambdaRequests: 1,
      lambdaGigabyteSeconds: seconds(totalsMs),
      writeUnits: addedBy(changesOf(Records)).length * UNITS_OF_AN_ITEM,
    }),
    search: ofMessage({
      lambdaGigabyteSeconds: seconds(searchMs),
      writeUnits: units,
      storedGigabyteMonths: items.reduce((sum, item) => sum + JSON.stringify(item).length, 0) / 1e9,
    }),
    // Once a day all that is kept: each message is read as often as there are days.
    check: { readUnits: (DAYS_KEPT * DELIVERY_BYTES) / 4096 / 2 },
  };
}

/** US$ for a million messages with two reported statuses each. */
export function streamTable(prices: Prices): Table {
  const { totals, search, check } = streamUsage();
  const usd = (usage: Usage) => round(costOf(times(usage, MILLION), prices), 3);
  return {
    name: 'stream',
    title: 'Cost of totals and search',
    about: [
      `US$ for a million messages with two reported statuses each, on top of the above: ${CHANGES} changes a message, in batches of ${BATCH} from one campaign and one sender. Lambda reads the stream without charge. With few messages a batch is small: then an item of totals is written for each batch (\`totals_window\`), and the index takes two write units a message at most. The daily check reads every delivery that is kept, here for ${DAYS_KEPT} days.`,
    ],
    columns: ['item', 'write units a message', 'US$'],
    rows: [
      ['totals of campaigns', round(totals.writeUnits ?? 0, 3), usd(totals)],
      ['index of messages (`message_search=on`)', round(search.writeUnits ?? 0, 2), usd(search)],
      ['daily check of the totals', 0, usd(check)],
    ],
  };
}
