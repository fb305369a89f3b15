import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as z from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const include = /^\$\{file\((\.\/[\w./-]+\.yml)\)(?::(\w+))?\}$/;
const fileSchema = z.record(z.string(), z.unknown());

const read = (path: string) =>
  fileSchema.parse(
    parse(readFileSync(join(root, path), 'utf8'), { logLevel: 'silent', merge: true }),
  );

/** The value with every `${file(…)}` in it replaced by what the file holds. */
function filledIn(value: unknown): unknown {
  if (typeof value === 'string') {
    const [, path, key] = include.exec(value) ?? [];
    if (path === undefined) return value;
    return filledIn(key === undefined ? read(path) : read(path)[key]);
  }
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item)]));
}

const partsSchema = z.array(z.record(z.string(), fileSchema));

/** The parts of `resources`, each with `Resources`, `Conditions` and the like, as one. */
function joined(parts: unknown): Record<string, Record<string, unknown>> {
  const whole: Record<string, Record<string, unknown>> = {};
  for (const part of partsSchema.parse(parts)) {
    for (const [section, entries] of Object.entries(part)) {
      whole[section] = { ...whole[section], ...entries };
    }
  }
  return whole;
}

/**
 * serverless.yml and its files as they are written: settings not filled in, CloudFormation's `!Ref`s
 * as plain values. `params.default` holds settings.yml, `params.local` what `npm start` puts on top.
 */
export function readServerlessFiles(): Readonly<Record<string, unknown>> {
  const service = fileSchema.parse(filledIn(read('serverless.yml')));
  return {
    ...service,
    params: { default: read('settings.yml'), local: read('local/settings.yml') },
    resources: joined(service.resources),
  };
}
