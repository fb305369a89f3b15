import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LogFields } from '../../../domain/observe.ts';
import { Unavailable } from '../../../domain/unavailable.ts';
import { describeError } from '../../../handlers/runtime/describe-error.ts';
import { observation } from '../../../handlers/runtime/observe.ts';

let written: string[] = [];
beforeEach(() => {
  written = [];
  const keep = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** All that one call of each level wrote, but for the time. */
function logged(message: string, fields: LogFields): string {
  written = [];
  const observe = observation('test');
  observe.error(message, fields);
  observe.warn(message, fields);
  observe.info(message, fields);
  expect(written).toHaveLength(3);
  // The time of the line has digits of its own.
  return written.map((line) => JSON.stringify({ ...JSON.parse(line), timestamp: '' })).join('\n');
}

const ids = ['guid', 'tenantId', 'requestId', 'traceId', 'replayId', 'providerRequestId'] as const;
const words = ['provider', 'channel', 'status', 'class', 'code', 'dependency', 'error'] as const;

/** National digits as a person, a country or a machine writes them. */
const digits = fc.stringMatching(/^[2-9]\d{9}$/);
const separator = fc.constantFrom('', ' ', '-', '.', '/', ' (', ') ', '\u00a0');
const number = fc
  .tuple(fc.constantFrom('', '+', '+1', '+44 ', '00', 'whatsapp:+1', 'tel:'), digits, separator)
  .map(([prefix, d, s]) => ({
    digits: d,
    written: `${prefix}${d.slice(0, 3)}${s}${d.slice(3, 6)}${s}${d.slice(6)}`,
    tail: d.slice(6),
  }));
const around = fc.constantFrom(['', ''], ['to ', ' failed'], ['<', '>'], ["'", "'"], ['x', 'y']);

describe('a metric of a tenant', () => {
  it('has the tenant as a dimension, and never a number in its place', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const observe = observation('worker');
    observe.count('tenant_failures', { tenantId: 'tenant-a' });
    observe.count('tenant_failures', { tenantId: '12025550123' });
    const lines = [...log.mock.calls.flat().map(String), ...written].join('\n');
    expect(lines).toContain('"tenantId":"tenant-a"');
    expect(lines).toContain('"tenant_failures"');
    expect(lines).not.toContain('0123');
  });
});

describe('a log line', () => {
  it('has its fields and the function as JSON', () => {
    const observe = observation('ingress');
    observe.info('accepted', { tenantId: 'tenant-a', guid: 'g-1', status: 202, count: 3 });
    expect(JSON.parse(written.join(''))).toMatchObject({
      level: 'INFO',
      message: 'accepted',
      service: 'ingress',
      tenantId: 'tenant-a',
      guid: 'g-1',
      status: 202,
      count: 3,
    });
  });

  it('keeps ids whole, long runs of digits in them too', () => {
    const given = {
      guid: '3f1c2f6e-8a55-4c1b-9d3f-000000000001',
      tenantId: '5f2c12345678901234567890',
      traceId: 'inv-ev-p12-o123456789012-g3f1c-e1',
      providerRequestId: 'RQ00000000000000000000000000000001',
    };
    expect(JSON.parse(logged('m', given).split('\n')[0] ?? '')).toMatchObject(given);
  });

  it('never has a number in its message or in words, however it is written', () => {
    fc.assert(
      fc.property(number, around, fc.constantFrom(...words), (n, [left, right], field) => {
        const text = `${left}${n.written}${right}`;
        expect(logged(text, { [field]: text })).not.toContain(n.tail);
      }),
    );
  });

  it('never has a number in place of an id', () => {
    fc.assert(
      fc.property(number, fc.constantFrom(...ids), (n, field) => {
        fc.pre(!/[a-z]/.test(n.written));
        expect(logged('m', { [field]: n.written })).not.toContain(n.tail);
      }),
    );
  });

  it('never has a number in place of a count', () => {
    fc.assert(
      fc.property(digits, (d) => {
        expect(logged('m', { count: Number(d), seconds: Number(d) })).not.toContain(d);
      }),
    );
  });

  it('never has the credentials of a header', () => {
    const secret = fc.base64String({ minLength: 8 });
    const scheme = fc.constantFrom('Bearer', 'Basic', 'bearer', 'BASIC');
    fc.assert(
      fc.property(secret, scheme, fc.constantFrom(...words, ...ids), (key, of, field) => {
        const text = `authorization: ${of} ${key}`;
        expect(logged(text, { [field]: text })).not.toContain(key);
      }),
    );
  });

  it('never has a field that is not one of ours, such as a body or an address', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'body',
          'to',
          'from',
          'creative',
          'headers',
          'secret',
          'level',
          'constructor',
        ),
        (field) => {
          expect(logged('m', { [field]: 'a text of a person' })).not.toContain(
            'a text of a person',
          );
        },
      ),
    );
  });

  it('names the part of the service that is down', () => {
    const down = new Unavailable('deliveries', { cause: new RangeError('quotes a text') });
    expect(describeError(down)).toMatch(
      /^Error: deliveries is not available \(caused by RangeError\) at /,
    );
  });

  it('never has the text that an error of others quotes', () => {
    const text = fc.string({ unit: 'grapheme-ascii', minLength: 6 });
    fc.assert(
      fc.property(text, (quoted) => {
        const thrown = (() => {
          try {
            return JSON.parse(`~${quoted}`);
          } catch (error) {
            return error;
          }
        })();
        expect(describeError(thrown)).toMatch(/^SyntaxError at /);
        const own = new Error(`cannot read ${quoted}\n    at ${quoted}`);
        own.stack = `Error: ${own.message}\n    at here (file.ts:1:1)`;
        expect(describeError(own)).toBe('Error at here (file.ts:1:1)');
      }),
    );
  });
});

describe('a metric', () => {
  const metrics = () =>
    written
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('is counted under its dimensions', () => {
    const observe = observation('ingress');
    observe.count('refused', { provider: 'scg', reason: 'MALFORMED_JSON' }, 2);
    expect(metrics()).toMatchObject([
      { service: 'ingress', provider: 'scg', reason: 'MALFORMED_JSON', refused: 2 },
    ]);
  });

  it('without dimensions is summed up and written at the end of the invocation', () => {
    const observe = observation('worker');
    observe.count('duplicate');
    observe.count('duplicate');
    expect(written).toEqual([]);
    observe.flush();
    expect(metrics()).toMatchObject([{ duplicate: [1, 1] }]);
  });

  it('that nobody counted is not missed', () => {
    observation('worker').flush();
    expect(written).toEqual([]);
  });
});

describe('the address of a caller', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::1'],
    ['+12025550123', '…'],
    ['12025550123', '…'],
    ['202.555.0123', '…'],
    ['1.2.3.4.5', '…'],
    ['x', '…'],
  ])('%s is logged as %s', (source, expected) => {
    expect(JSON.parse(logged('x', { source }).split('\n')[0] ?? '')).toMatchObject({
      source: expected,
    });
  });
});
