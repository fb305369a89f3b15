import axe from 'axe-core';
import pMap from 'p-map';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { localKeys } from '../../local/secrets.ts';
import { recipient } from '../../local/simulators/magic-numbers.ts';
import { type Stack, startStack } from '../../local/stack.ts';
import { startBrowser } from '../support/browser.ts';
import { connector } from './connector.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const ATTACK = '<img src=x onerror=alert(1)>';
const views = [
  ...['Campaigns', 'Failed', 'Replays', 'Status', 'Messages', 'Opt-outs', 'Audit', 'Senders'],
  ...['Creatives', 'Templates'],
];

const OTHERS_KEY = 'key-of-another-tenant';
const key = (name: string, value: string, tenants: '*' | readonly string[] = '*') => ({
  name,
  key: value,
  tenants,
});
const accessKeys = {
  connector: [key('connector', localKeys.connector)],
  viewer: [key('viewer', localKeys.viewer)],
  operator: [key('operator', localKeys.operator), key('other', OTHERS_KEY, ['other-tenant'])],
  compliance: [key('operator', localKeys.operator)],
};

let browser: Browser | string;
let stack: Stack;
beforeAll(async () => {
  browser = await startBrowser();
  if (typeof browser === 'string') {
    console.warn(`The tests of the console in a browser are skipped: ${browser}.`);
    return;
  }
  stack = await startStack({ tenants: ['local-tenant', 'other-tenant'] });
  stack.putSecret('access-keys', accessKeys);
  await campaign();
});
afterAll(async () => {
  if (typeof browser !== 'string') await browser?.close();
  await stack?.close();
});
beforeEach((context) => {
  if (typeof browser === 'string') context.skip(`no browser: ${browser}`);
});

const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
  const answer = await fetch(`${stack.url}${path}tenantId=local-tenant`, {
    headers: { 'x-api-key': localKeys.operator },
  });
  return schema.parse(await answer.json());
};

const totalsSchema = z.object({
  totals: z.object({ accepted: z.number(), delivered: z.number(), failed: z.number() }),
});

/** Two tasks, one with a name that is HTML; of the other, three messages fail for our credentials. */
async function campaign(): Promise<void> {
  const ci360 = connector(stack);
  const post = (task: string, count: number, from: number) =>
    pMap(Array.from({ length: count }), (_, no) =>
      ci360.post(`TO:${recipient('delivered', from + no)};Hello`, { task }),
    );
  const ended = (task: string, what: 'delivered' | 'failed', count: number) =>
    vi.waitFor(async () => {
      const { totals } = await get(`/campaigns/${encodeURIComponent(task)}?`, totalsSchema);
      expect(totals[what]).toBe(count);
    }, 60_000);
  await Promise.all([post('TSK_42', 8, 100), post(ATTACK, 3, 200)]);
  await Promise.all([ended('TSK_42', 'delivered', 8), ended(ATTACK, 'delivered', 3)]);
  stack.simulators.setFault('twilio', { mode: 'status', status: 401, code: 20003 });
  await post('TSK_42', 3, 300);
  await ended('TSK_42', 'failed', 3);
  stack.simulators.setFault('twilio', {});
}

/** A page that remembers what went wrong on it. */
async function openPage(options: { dark?: boolean; width?: number } = {}) {
  if (typeof browser === 'string') throw new Error(browser);
  const context = await browser.newContext({
    colorScheme: options.dark ? 'dark' : 'light',
    viewport: { width: options.width ?? 1280, height: 900 },
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (line) => {
    // That the service does not know something is no trouble of the page.
    const isUnknown = line.text().includes('the server responded with a status of 404');
    if (line.type() === 'error' && !isUnknown) trouble.push(line.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('dialog', (dialog) => {
    trouble.push('a dialog of a script');
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(stack.url)) trouble.push(`calls ${request.url()}`);
  });
  return { page, trouble, close: () => context.close() };
}

async function signIn(page: Page, key: string, hash = '#/campaigns'): Promise<void> {
  await page.goto(`${stack.url}/console${hash}`);
  await page.getByLabel('Key').fill(key);
  await page.getByLabel('Tenant').fill('local-tenant');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

const openView = async (page: Page, name: string) => {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
  await page.locator('nav a[aria-current=page]', { hasText: name }).waitFor();
  await page.getByText('Loading …').waitFor({ state: 'detached' });
};

const axeSchema = z.object({
  violations: z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) })),
});
/** Views of one thing, each with a text that is there once it is loaded; the last is a campaign. */
async function places(): Promise<readonly (readonly [string, string])[]> {
  const failed = z.object({ items: z.array(z.object({ guid: z.string() })) });
  const { items } = await get('/failed-requests?status=resolved&', failed);
  const replays = z.object({ items: z.array(z.object({ replayId: z.string() })) });
  const replay = (await get('/replays?', replays)).items[0]?.replayId;
  return [
    ['#/requests', 'Selected: all failed requests'],
    ['#/plan', 'Nothing is selected'],
    [`#/messages?guid=${items[0]?.guid}`, 'What happened'],
    ['#/messages?guid=nobody-knows-it', 'Nothing is known of'],
    [`#/replays/${replay}`, 'Started by'],
    ['#/nowhere', 'There is no such view.'],
    ['#/campaigns/TSK_42', 'Funnel'],
  ];
}

/** What is wrong for people with a screen reader, a keyboard or weak eyes. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = axeSchema.parse(await page.evaluate('axe.run()'));
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`);
}

describe('the console in a browser', () => {
  it('shows campaigns with the numbers of the service, and a name that is HTML as text', async () => {
    const { page, trouble, close } = await openPage();
    await signIn(page, localKeys.operator);
    const row = page.getByRole('row').filter({ hasText: 'TSK_42' });
    await row.waitFor();
    expect(await row.getByRole('cell').allTextContents()).toEqual(
      expect.arrayContaining(['TSK_42', 'running', '11', '8', '3']),
    );
    await page.getByRole('link', { name: ATTACK }).click();
    await page.getByRole('heading', { name: ATTACK }).waitFor();
    expect(await page.locator('main img').count()).toBe(0);
    expect(trouble).toEqual([]);
    await close();
  });

  it('forgets the key with a reload, and stores nothing', async () => {
    const { page, close } = await openPage();
    await signIn(page, localKeys.operator);
    const stored = 'localStorage.length + sessionStorage.length + document.cookie.length';
    expect(await page.evaluate(stored)).toBe(0);
    await page.reload();
    await page.getByLabel('Key').waitFor();
    expect(await page.getByRole('navigation').count()).toBe(0);
    await close();
  });

  it('refuses a key that nobody has, in a sentence', async () => {
    const { page, close } = await openPage();
    await page.goto(`${stack.url}/console`);
    await page.getByLabel('Key').fill('a-key-that-nobody-has');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key is not valid').waitFor();
    await close();
  });

  it('offers a viewer nothing that a viewer may not do', async () => {
    const { page, close } = await openPage();
    await signIn(page, localKeys.viewer);
    await page.getByRole('link', { name: 'TSK_42' }).click();
    await page.getByRole('heading', { name: 'Funnel' }).waitFor();
    expect(await page.getByRole('button', { name: 'Hold' }).count()).toBe(0);
    await openView(page, 'Failed');
    expect(await page.getByRole('link', { name: 'Plan a replay' }).count()).toBe(0);
    expect(await page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await page.goto(`${stack.url}/console#/plan`);
    await page.getByText('needs a key with the role operator').waitFor();
    await close();
  });

  it('shows nothing of a tenant to the key of another', async () => {
    const { page, close } = await openPage();
    await page.goto(`${stack.url}/console`);
    await page.getByLabel('Key').fill(OTHERS_KEY);
    await page.getByLabel('Tenant').fill('local-tenant');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('This key may not act for this tenant.').waitFor();
    await page.getByLabel('Tenant').fill('');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('No campaigns yet.').waitFor();
    await openView(page, 'Failed');
    await page.getByText('Nothing failed that waits for an operator.').waitFor();
    await page.goto(`${stack.url}/console#/campaigns/TSK_42`);
    await page.getByText('There is no campaign TSK_42 of this tenant').waitFor();
    await close();
  });

  it('holds a campaign and resumes it, after it asked', async () => {
    const { page, trouble, close } = await openPage();
    await signIn(page, localKeys.operator, '#/campaigns/TSK_42');
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(await page.getByRole('dialog').count()).toBe(0);
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('wrong link');
    await page.getByRole('dialog').getByRole('button', { name: 'Hold' }).click();
    await page.getByText('wrong link').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
    await page.getByRole('button', { name: 'Hold' }).waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  it('takes a group of failed requests from its plan to the report that all were sent', async () => {
    const { page, trouble, close } = await openPage();
    await signIn(page, localKeys.operator, '#/failed');
    const row = page.getByRole('row').filter({ hasText: '20003' });
    await row.getByRole('link', { name: 'Plan a replay' }).click();
    await page.getByText('3 of 3 requests would be sent').first().waitFor();
    await page.getByRole('button', { name: 'Start the replay' }).click();
    await page.getByRole('dialog').getByText('Nobody gets a message twice').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click();
    await page.getByText('All 3 requests were sent.').first().waitFor({ timeout: 90_000 });
    expect(trouble).toEqual([]);
    await close();
  });

  it('finds a person’s message by number, which is in no address, and shows its story', async () => {
    const { page, trouble, close } = await openPage();
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await signIn(page, localKeys.viewer, '#/messages');
    const number = recipient('delivered', 100);
    await page.getByLabel('Find by').selectOption('number');
    await page.getByLabel('Value').fill(number);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('table').getByRole('link').click();
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    expect(await page.locator('.story li').count()).toBeGreaterThan(1);
    expect([...addresses, page.url()].join()).not.toContain(number.slice(1));
    expect(trouble).toEqual([]);
    await close();
  });

  it('would be found out if it had an obstacle, or ran what is not its own', async () => {
    const { page, trouble, close } = await openPage();
    await signIn(page, localKeys.operator);
    await page.evaluate("document.querySelector('main').append(document.createElement('img'))");
    expect(await violations(page)).toEqual([expect.stringMatching(/^image-alt/)]);
    await page.evaluate(
      "document.body.append(Object.assign(document.createElement('script'), { text: 'alert(1)' }))",
    );
    await vi.waitFor(() => expect(trouble.join()).toContain('Content Security Policy'));
    await close();
  });

  it.each([
    ['light', { dark: false }],
    ['dark', { dark: true }],
    ['360 pixels wide', { width: 360 }],
  ])('has no obstacle in any view, %s', async (_name, options) => {
    const { page, trouble, close } = await openPage(options);
    await page.goto(`${stack.url}/console`);
    await page.getByLabel('Key').waitFor();
    const found = [await violations(page)];
    await signIn(page, localKeys.operator);
    for (const view of views) {
      await openView(page, view);
      found.push(await violations(page));
      const overflow = 'document.documentElement.scrollWidth - innerWidth';
      expect([view, await page.evaluate(overflow)]).toEqual([view, 0]);
    }
    for (const [hash, text] of await places()) {
      await page.goto(`${stack.url}/console${hash}`);
      await page.getByText(text).first().waitFor();
      found.push(await violations(page));
    }
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('dialog').waitFor();
    found.push(await violations(page));
    expect(found.flat()).toEqual([]);
    expect(trouble).toEqual([]);
    await close();
  });
});
