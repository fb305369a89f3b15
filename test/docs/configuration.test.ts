import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { tenantSecretSchema } from '../../domain/tenant/tenant-secret.ts';
import { configShape } from '../../handlers/runtime/config.ts';
import { readServerless } from '../builders/serverless.ts';

const page = readFileSync('docs/configuration.md', 'utf8');
/** The rows of the tables in a part of the page: key and default, as they are written. */
const rowsOf = (part = '') =>
  new Map(
    [...part.matchAll(/^\| `([^`]+)`\s*\| ([^|]*?)\s*\|/gm)].map(([, key = '', of = '']) => [
      key,
      of,
    ]),
  );
const rows = rowsOf(page.split('## The secret with the access keys')[0]);

/** A default as the page writes it: `—` where it may stay empty, in words where it has to be given. */
function written(shape: (typeof configShape)[keyof typeof configShape]): string {
  const read = shape.safeParse(undefined);
  if (!read.success) return 'set by deployment';
  const isEmpty = Array.isArray(read.data) && read.data.length === 0;
  if (read.data === undefined || read.data === '' || isEmpty) return '—';
  return `\`${typeof read.data === 'object' ? JSON.stringify(read.data) : read.data}\``;
}

describe('docs/configuration.md', () => {
  it('has every setting, and none that there is not', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(configShape).sort());
  });

  it.each(Object.entries(configShape))('has the default of %s', (key, shape) => {
    expect(rows.get(key)).toBe(written(shape));
  });

  it('has every other parameter of the deployment, and its default', () => {
    const { params } = readServerless();
    const others = Object.entries(params.default).filter(([key]) => !(key in configShape));
    const expected = others.map(([key, of]) => [key, of === '' ? '—' : `\`${of}\``]);

    const deployment = rowsOf(page.split('## Parameters of the deployment')[1]);
    expect(Object.fromEntries(deployment)).toEqual(Object.fromEntries(expected));
  });

  it('has every key of a tenant’s secret, here or among the agents’', () => {
    const agents = readFileSync('docs/agents.md', 'utf8');
    const sections = [page.split('## The secret of a tenant')[1], agents.split('## The tenant')[1]];
    const cells = sections
      .map((section = '') => section.split('\n## ')[0] ?? '')
      .flatMap((section) => [...section.matchAll(/^\|([^|]+)\|/gm)]);
    const keys = cells.flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, k]) => k),
    );
    expect(keys.sort()).toEqual([...Object.keys(tenantSecretSchema.shape)].sort());
  });
});
