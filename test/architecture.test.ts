import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configShape } from '../handlers/runtime/config.ts';
import { functionSettings } from '../handlers/runtime/function-settings.ts';
import { settableShape } from '../serverless/check-settings.ts';
import { circle, switchedOff, violations } from './architecture/rules.ts';
import { readSources, toSource } from './architecture/sources.ts';
import { readServerless } from './builders/serverless.ts';

const deployed = readSources(['domain', 'providers', 'adapters', 'handlers']);
const names = (pattern: string) =>
  globSync(pattern)
    .map((path) => basename(path, '.ts'))
    .sort();

describe('the source', () => {
  it('imports and uses only what its layer may', () => {
    expect(readSources().flatMap(violations)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(circle(deployed)).toBeUndefined();
  });

  it('has no deployed file that is too long to read at once', () => {
    // A table of error codes, one row each, is read by looking up a row.
    const isData = (path: string) => path.endsWith('/error-table.ts');
    const tooLong = deployed
      .map(({ path }) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
      .filter(({ path, lines }) => lines > 220 && !isData(path));
    expect(tooLong).toEqual([]);
  });

  it('has no test that is switched off', () => {
    const off = readSources(['test']).filter(({ code }) => switchedOff(code));
    expect(off.map(({ path }) => path)).toEqual([]);
  });
});

describe('serverless.yml', () => {
  const { functions, custom, params } = readServerless();

  it('has a function for each handler file, under its name', () => {
    expect(Object.keys(functions).sort()).toEqual(names('handlers/*.ts'));
    for (const [name, { handler }] of Object.entries(functions)) {
      expect(handler).toBe(`handlers/${name}.handler`);
    }
  });

  it('knows what each function reads, and gives no function what it does not', () => {
    expect(Object.keys(functionSettings).sort()).toEqual(Object.keys(functions).sort());
    const read = new Set<string>(Object.values(functionSettings).flat());
    expect([...read].sort()).toEqual(Object.keys(configShape).sort());
  });

  it('has a default for every setting, but for what the deployment fills in', () => {
    const { resourceSettings } = custom;
    const settable = Object.keys(settableShape(Object.keys(resourceSettings)));
    expect(Object.keys(params.default).sort()).toEqual(settable.sort());
  });

  it('has the defaults of the settings themselves', () => {
    const values = Object.entries(configShape).flatMap(([key, shape]) => {
      const given = params.default[key];
      // Names that hold the stage, and what CloudFormation fills in, differ for each deployment.
      if (given === undefined || String(given).includes('${')) return [];
      const read = shape.safeParse(given === '' ? undefined : String(given));
      return [[key, read.data, shape.safeParse(undefined).data]];
    });
    for (const [key, deployedDefault, ownDefault] of values) {
      expect([key, deployedDefault]).toEqual([key, ownDefault]);
    }
    expect(values.length).toBeGreaterThan(10);
  });
});

describe('each rule can be broken', () => {
  const breaks = (path: string, text: string) => violations(toSource(path, text));

  it.each([
    ['domain/a.ts', "import { x } from '../adapters/x.ts';"],
    ['domain/replay/b.ts', "import type { x } from '../../handlers/runtime/x.ts';"],
    ['domain/delivery/b.ts', "import type { x } from '../feedback/x.ts';"],
    ['domain/a.ts', "import { x } from './outbound/x.ts';"],
    ['domain/nowhere/a.ts', 'export const x = 1;'],
    ['domain/a.ts', "export { x } from 'node:crypto';"],
    ['domain/a.ts', "import {\n  x,\n  y,\n} from '@aws-sdk/client-sqs';"],
    ['domain/a.ts', "import 'twilio';"],
    ['domain/a.ts', "const x = await import('p-retry');"],
    ['domain/a.ts', "import parse from 'libphonenumber-js';"],
    ['domain/a.ts', 'export const x = process.env.X;'],
    ['domain/a.ts', 'export const x = Date.now();'],
    ['domain/a.ts', 'export const x = new Date();'],
    ['domain/a.ts', 'export const x = Math.random();'],
    ['domain/a.ts', 'console.log(1);'],
    ['domain/a.ts', "fetch('https://x.example');"],
    ['domain/a.ts', 'setTimeout(() => {}, 1);'],
    ['adapters/a.ts', "import { x } from '../handlers/runtime/x.ts';"],
    ['adapters/a.ts', "import { x } from '../local/x.ts';"],
    ['adapters/a.ts', "import { x } from '../test/x.ts';"],
    ['adapters/a.ts', "import twilio from 'twilio';"],
    ['adapters/a.ts', "import { z } from 'zod'; z.string();"],
    ['adapters/a.ts', 'export const x = process.env.X;'],
    ['adapters/a.ts', "import { x } from '../providers/x.ts';"],
    ['providers/a.ts', "import { x } from '../handlers/x.ts';"],
    ['providers/a.ts', "import { x } from '../adapters/x.ts';"],
    ['domain/feedback/a.ts', "import type { Provider } from '../provider.ts';"],
    ['handlers/a.ts', 'export const x = process.env.X;'],
    ['handlers/runtime/a.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['handlers/a.ts', "import { x } from '../test/x.ts';"],
    ['handlers/runtime/a.ts', 'console.log(1);'],
    ['cli/a.ts', "import { x } from '../local/x.ts';"],
    ['bench/a.ts', "import { x } from '../test/x.ts';"],
    ['console/a.ts', "import { x } from '../domain/operator/answers/status.ts'; x();"],
    ['console/a.ts', "import type { x } from '../domain/operator/deps.ts';"],
    ['console/a.ts', "import { z } from 'lodash'; z();"],
    ['console/a.tsx', 'export const A = () => <p dangerouslySetInnerHTML={{ __html: "" }} />;'],
    ['console/a.ts', "localStorage.setItem('key', key);"],
    ['cli/a.ts', "import { x } from '../console/words.ts'; x();"],
  ])('by %s with %s', (path, text) => {
    expect(breaks(path, text)).toHaveLength(1);
  });

  it.each([
    ['domain/a.ts', "import * as z from 'zod'; // process.env, Date.now()"],
    ['domain/a.ts', 'export const at = (now: number) => new Date(now);'],
    ['domain/a.ts', 'export const x = deps.fetch(1);'],
    ['domain/feedback/a.ts', "import { x } from '../delivery/x.ts';"],
    ['adapters/a.ts', "import { SQSClient } from '@aws-sdk/client-sqs';"],
    ['handlers/a.ts', "import { x } from './runtime/x.ts';"],
    ['handlers/runtime/a.ts', 'export const x = process.env.X;'],
    ['console/a.tsx', "import type { X } from '../domain/operator/answers/status.ts';"],
    ['handlers/console.ts', "import { page } from '../console/dist/assets.js';"],
    ['local/a.ts', "import { x } from '../test/x.ts'; console.log(Date.now());"],
  ])('but not by %s with %s', (path, text) => {
    expect(breaks(path, text)).toEqual([]);
  });

  it('by a circle of imports', () => {
    const a = toSource('domain/a.ts', "import { b } from './b.ts'; b();");
    const b = toSource('domain/b.ts', "import { a } from './x/../a.ts'; a();");
    expect(circle([a, b])).toEqual(['domain/a.ts', 'domain/b.ts', 'domain/a.ts']);
    expect(circle([a])).toBeUndefined();
  });

  it('by a test that is switched off', () => {
    const call = (name: string) => `${name}('x', () => {});`;
    const off = ['it.skip', 'test.only', 'describe.todo', 'it.concurrent.skip', 'xit'].map(call);
    for (const code of off) expect(switchedOff(code)).toBe(true);
    for (const code of ['it', 'it.each([])', 'queue.skip'].map(call)) {
      expect(switchedOff(code)).toBe(false);
    }
  });
});
