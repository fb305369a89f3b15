import fc from 'fast-check';
import { render } from 'velocityjs';
import { describe, expect, it } from 'vitest';
import { escapeDirectives, hasDirectives } from '../../../providers/scg/directives.ts';

/** As SCG does it: every body is a Velocity template, with data of its own. */
const rendered = (body: string): string =>
  render(body, { name: 'Somebody', h: 'no', d: 'no', b: 'no' }, {});

const piece = fc.oneof(
  fc.constantFrom(
    '#set($x = "1")',
    '#if(true)yes#end',
    '#foreach($i in [1..9])$i#end',
    '#parse("Other")',
    '#include("a")',
    '#[[raw]]#',
    '## gone',
    '#* gone *#',
    '$name',
    '$'.concat('{name}'),
    '$!name',
    '$!{name}',
    '\\',
    '\\\\',
    '#',
    '$',
    '$5',
    '#1',
    '{',
    '}',
    '"',
    "'",
    '\n',
  ),
  fc.string({ unit: 'grapheme', maxLength: 5 }),
);
const bodies = fc
  .array(piece, { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.join('').trim())
  .filter((body) => body !== '');

describe('an escaped body', () => {
  it('is rendered to what was written, whatever it holds', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        expect(rendered(escapeDirectives(body))).toBe(body);
      }),
      { numRuns: 20_000 },
    );
  });

  it.each(['Only $5 today', 'You are #1', 'A # and a $ and 100 %', 'C:\\temp', 'Pay 5$'])(
    'is sent as it is where there is nothing to escape: %s',
    (body) => {
      expect(escapeDirectives(body)).toBe(body);
      expect(rendered(body)).toBe(body);
    },
  );

  it('keeps #track with a literal URL, and no other', () => {
    const track = '#track("https://shop.example/a?b=1&c=%20")';
    expect(escapeDirectives(`See ${track}, $name`)).toContain(track);
    expect(hasDirectives(`See ${track}`)).toBe(false);
    for (const other of ['#track("$url")', '#track("https://x.example/$name")', '#track($x)']) {
      expect(hasDirectives(other)).toBe(true);
      expect(escapeDirectives(other)).not.toContain('#track');
    }
  });
});
