import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { campaign } from '../../local/demo/campaign.ts';
import { runCampaign } from '../../local/demo/run.ts';
import { localKeys } from '../../local/secrets.ts';
import { startStack } from '../../local/stack.ts';
import { startBrowser } from '../support/browser.ts';

const EVENTS = 200;
const FOLDER = 'docs/images';
const tenantId = 'local-tenant';

/** `npm run screenshots`: the console after the sample campaign, for the README. */
const browser = await startBrowser();
if (typeof browser === 'string') {
  console.error(`There are no screenshots: ${browser}.`);
  process.exit(1);
}
const stack = await startStack();
try {
  const events = campaign(EVENTS, { tenantId, now: Date.now(), newId: randomUUID });
  const target = { ...stack, connectorKey: localKeys.connector };
  await runCampaign(
    target,
    tenantId,
    events,
    () => {},
    () => {},
  );
  mkdirSync(FOLDER, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 1000 } });
    await page.goto(`${stack.url}/console#/campaigns?tenant=${tenantId}`);
    await page.getByLabel('Key').fill(localKeys.operator);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Funnel' }).waitFor();
    await page.screenshot({ path: `${FOLDER}/console-${colorScheme}.png` });
    await page.close();
  }
} finally {
  await browser.close();
  await stack.close();
}
