import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Switches without which Chromium does not start where there is no sandbox, as in a container. */
const switches = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];

/** The browser that npm installed (Linux on x64), or one of this machine. */
async function executable(): Promise<string | undefined> {
  const isCarried = process.platform === 'linux' && process.arch === 'x64';
  const own = process.env.CHROME_PATH ?? installed.find((path) => existsSync(path));
  return own ?? (isCarried ? sparticuz.executablePath() : undefined);
}

/** A browser, or why there is none. */
export async function startBrowser(): Promise<Browser | string> {
  try {
    const path = await executable();
    if (path === undefined) return 'no Chrome is installed; CHROME_PATH may name one';
    return await chromium.launch({ executablePath: path, args: switches });
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return `the browser does not start: ${reason}`;
  }
}
