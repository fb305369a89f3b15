import { readFileSync } from 'node:fs';
import full from 'libphonenumber-js/max';
import min from 'libphonenumber-js/min';
import { expect, test } from 'vitest';
import { faultSchema } from '../../../local/simulators/fault.ts';
import {
  type Behaviour,
  behaviourOf,
  behaviours,
  recipient,
} from '../../../local/simulators/magic-numbers.ts';

const names = Object.keys(behaviours).filter((name): name is Behaviour => name in behaviours);

test.each(names)('a recipient made to be "%s" behaves so', (name) => {
  for (const index of [0, 1, 69, 70, 99, 100, 7000, 9699])
    expect(behaviourOf(recipient(name, index))).toBe(name);
});

test('the channel prefix and the country do not matter', () => {
  expect(behaviourOf('whatsapp:+12025550180')).toBe('opted-out');
  expect(behaviourOf('+447700900180')).toBe('opted-out');
  expect(behaviourOf('+447700900123')).toBe('delivered');
});

test('no two behaviours share an ending, and none takes those of ordinary recipients', () => {
  const endings = names.flatMap((name) => behaviours[name].ending ?? []);
  expect(new Set(endings).size).toBe(endings.length);
  expect(endings.every((ending) => ending >= 70 && ending <= 99)).toBe(true);
});

test('100,000 ordinary recipients are distinct', () => {
  const numbers = new Set(Array.from({ length: 100_000 }, (_, i) => recipient('delivered', i)));
  expect(numbers.size).toBe(100_000);
});

test('every recipient is a valid number, and the first ones are kept for fiction', () => {
  for (let i = 0; i < 7000; i++) {
    const number = recipient('delivered', i);
    expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
    if (i % 70 === 0) {
      expect(min(number)?.isValid(), number).toBe(true);
      expect(full(number)?.country, number).toBe('US');
    }
  }
  expect(min(recipient('opted-out', 9699))?.isValid()).toBe(true);
});

test('asking for more recipients than there are is refused', () => {
  expect(() => recipient('opted-out', 9700)).toThrow('There are 9700 recipients of "opted-out"');
});

/** Without the blanks that align its tables. */
const readPage = () => readFileSync('docs/simulators.md', 'utf8').replace(/ +/g, ' ');

test('the page about the simulators lists every behaviour as it is', () => {
  const page = readPage();
  for (const name of names) {
    const { ending, does } = behaviours[name];
    if (ending !== undefined) expect(page).toContain(`| ${ending} | ${name} | ${does} |`);
  }
});

test('the page about the simulators lists every field of a fault', () => {
  const page = readPage();
  for (const field of Object.keys(faultSchema.shape)) expect(page).toContain(`\n| \`${field}\` |`);
});
