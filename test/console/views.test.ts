import { describe, expect, it } from 'vitest';
import {
  columnsOf,
  commandsIn,
  funnelOf,
  heightOf,
  othersOf,
} from '../../console/campaigns/totals.ts';
import { apiClient } from '../../console/client.ts';
import { consequences, defaults, optionFields, planOf } from '../../console/failed/plans.ts';
import { addGroups, selectionOfGroup, selectionWords } from '../../console/failed/selection.ts';
import { controlsOf, isSettled, progressWords } from '../../console/replays/progress.ts';
import { percent, roughly } from '../../console/words.ts';
import type { CampaignTotalsAnswer } from '../../domain/operator/answers/campaign-totals.ts';
import { groupSchema } from '../../domain/operator/answers/failed-requests.ts';
import { planAnswer, replayAnswer } from '../../domain/operator/answers/replays.ts';
import { examples } from '../../openapi/examples.ts';

type Totals = CampaignTotalsAnswer['totals'];

const totals = (counts: Partial<Totals>): Totals => ({
  accepted: 0,
  waiting: 0,
  held: 0,
  inDoubt: 0,
  sent: 0,
  delivered: 0,
  read: 0,
  clicked: 0,
  undelivered: 0,
  canceled: 0,
  failed: 0,
  expired: 0,
  replayed: 0,
  heldBy: {},
  segments: { count: 0, ofMessages: 0 },
  speed: { measured: 0, within10s: 0, within60s: 0 },
  ...counts,
});

describe('a campaign', () => {
  const whole = totals({
    accepted: 100,
    waiting: 4,
    held: 3,
    inDoubt: 2,
    sent: 85,
    delivered: 70,
    undelivered: 5,
    failed: 4,
    expired: 2,
  });

  it('has a funnel, and beside it what did not come that far', () => {
    expect(funnelOf(whole).map(({ count }) => count)).toEqual([100, 85, 70, 0, 0]);
    expect(othersOf(whole).map(({ name }) => name)).toEqual([
      'Waiting',
      'Held',
      'In doubt',
      'Undelivered',
      'Failed',
      'Expired',
    ]);
  });

  it('has a column for each hour, whose layers add up to what was accepted', () => {
    const columns = columnsOf([
      { name: '2026-03-02T22:00Z', totals: whole },
      { name: '2026-03-03T01:00Z', totals: totals({ accepted: 1, waiting: 1 }) },
    ]);
    expect(columns.map(({ name }) => name)).toEqual([
      '2026-03-02T22:00Z',
      '2026-03-02T23:00Z',
      '2026-03-03T00:00Z',
      '2026-03-03T01:00Z',
    ]);
    expect(columns.map(heightOf)).toEqual([100, 0, 0, 1]);
  });

  it('that runs for weeks has a column for each day', () => {
    const rows = ['2026-03-02T09:00Z', '2026-03-02T10:00Z', '2026-03-20T10:00Z'].map((name) => ({
      name,
      totals: totals({ accepted: 2, sent: 2, delivered: 2 }),
    }));
    expect(columnsOf(rows).map((one) => [one.name, heightOf(one)])).toEqual([
      ['2026-03-02', 4],
      ['2026-03-20', 2],
    ]);
    expect(columnsOf([])).toEqual([]);
  });

  it('can be held and stopped while it runs, and resumed after that', () => {
    expect(['running', 'held', 'stopped'].map(commandsIn)).toEqual([
      ['hold', 'stop'],
      ['resume', 'stop'],
      ['resume'],
    ]);
  });
});

describe('numbers in words', () => {
  it('never round up to all, or down to nothing', () => {
    expect([percent(999, 1000), percent(1, 1000), percent(0, 10), percent(0, 0)]).toEqual([
      '99 %',
      '< 1 %',
      '0 %',
      '–',
    ]);
    expect([30, 600, 7200].map(roughly)).toEqual([
      '30 seconds',
      'about 10 minutes',
      'about 2 hours',
    ]);
  });
});

const group = groupSchema.parse({
  provider: 'twilio',
  kind: 'message',
  class: 'config',
  code: '20003',
  sender: '',
  taskId: 'TSK_42',
  message: 'The account refused the credentials.',
  advice: '',
  replayable: 'yes',
  count: 2,
  firstAt: '2026-03-02T09:00:00.000Z',
  lastAt: '2026-03-02T09:10:00.000Z',
});

describe('groups of failed requests', () => {
  it('of several pages are added up, the largest first', () => {
    const later = { ...group, count: 3, lastAt: '2026-03-02T10:00:00.000Z' };
    const other = { ...group, code: '30007', count: 4 };
    expect(addGroups([[group, other], [later]])).toEqual([
      { ...group, count: 5, lastAt: later.lastAt },
      other,
    ]);
  });

  it('select their requests by all that is known of them', () => {
    const selection = selectionOfGroup(group);
    expect(selection).toEqual({
      provider: 'twilio',
      kind: 'message',
      class: 'config',
      code: '20003',
      taskId: 'TSK_42',
    });
    expect(selectionWords(selection)).toContain('task TSK_42');
    expect(selectionWords({})).toBe('all failed requests');
  });
});

describe('a plan', () => {
  const page = planAnswer.parse(examples.answer['POST /replays 200']);

  it('adds up its pages, and asks for the next one with the window of the first', async () => {
    const bodies: unknown[] = [];
    const pages = [{ ...page, cursor: 'next' }, page];
    const api = apiClient({
      base: 'https://connector.example/',
      key: 'the-key',
      tenantId: 'tenant-a',
      fetch: async (_url, init) => {
        bodies.push(JSON.parse(String(init.body)));
        return Response.json(pages[bodies.length - 1]);
      },
    });
    const plan = await planOf(api, { class: 'config' }, defaults);
    expect(plan).toMatchObject({
      selected: 2 * page.selected,
      wouldSend: 2 * page.wouldSend,
    });
    expect(plan).not.toHaveProperty('cursor');
    expect(bodies).toMatchObject([
      { class: 'config', dryRun: true, rate: 10, canary: 0 },
      { ...page.selection, dryRun: true, cursor: 'next' },
    ]);
  });

  it('says what starting it does, and warns of what may be sent twice', () => {
    expect(consequences(page, defaults).join(' ')).toContain('Nobody gets a message twice');
    const insisting = { ...defaults, sendInDoubt: true };
    expect(consequences(page, insisting).join(' ')).toContain('people may get them twice');
  });

  it('leaves what is not filled in to the service', () => {
    expect(optionFields({ ...defaults, rate: ' ', canary: '' })).toEqual({
      ignoreTtl: false,
      includePermanent: false,
      sendInDoubt: false,
    });
  });
});

describe('a replay', () => {
  const replay = replayAnswer.parse(examples.answer['GET /replays/{id} 200']);
  const ended = { ...replay, status: 'completed' as const, phase: 'over' as const, asked: null };

  it('offers what its status allows', () => {
    expect(controlsOf({ ...replay, status: 'running', asked: null })).toEqual(['pause', 'cancel']);
    expect(controlsOf({ ...replay, status: 'running', asked: 'pause' })).toEqual(['cancel']);
    expect(controlsOf({ ...replay, status: 'stopped', asked: null })).toEqual(['resume', 'cancel']);
    expect(controlsOf(ended)).toEqual([]);
  });

  it('ends with a sentence', () => {
    expect(progressWords({ ...ended, requeued: 3, sent: 3, failedAgain: 0 })).toBe(
      'All 3 requests were sent.',
    );
    expect(progressWords({ ...ended, requeued: 3, sent: 2, failedAgain: 1 })).toBe(
      '2 were sent, 1 failed again.',
    );
    expect(progressWords({ ...ended, status: 'stopped', reason: 'Too many failed again.' })).toBe(
      'Too many failed again.',
    );
  });

  it('is followed until nothing of it is on its way', () => {
    expect(isSettled({ ...ended, onTheirWay: 1 })).toBe(false);
    expect(isSettled({ ...ended, onTheirWay: 0 })).toBe(true);
  });
});
