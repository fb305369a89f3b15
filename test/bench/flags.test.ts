import { describe, expect, it } from 'vitest';
import { readFlags, tableNames, UsageError } from '../../bench/flags.ts';

const read = (line: string) => readFlags(line.split(' ').filter((word) => word !== ''));
const refusal = (line: string) => {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error(`${line} was taken`);
};

describe('npm run bench', () => {
  it('measures everything unless a table is named', () => {
    expect(read('').tables).toEqual(tableNames);
    expect(read('limits').tables).toEqual(['limits']);
  });

  it('reckons costs for a volume', () => {
    expect(read('cost --messages 5e6 --replies 0.02').volume).toMatchObject({
      messages: 5_000_000,
      replies: 0.02,
    });
  });

  it.each([
    ['soup', 'There is no table "soup". There are:'],
    ['ack calls', 'too many arguments'],
    ['ack --write', 'docs/performance.md holds every table'],
    ['cost --replies 2', 'It is a share from 0 to 1.'],
    ['cost --messages many', 'It is a number from 0.'],
    ['--rounds 0', 'It is a whole number from 1 to 100.'],
    ['--soup', "unknown option '--soup'"],
  ])('refuses "%s" in a sentence, with code 2', (line, sentence) => {
    const { message, exitCode } = refusal(line);
    expect(message).toContain(sentence);
    expect(exitCode).toBe(2);
  });

  it('explains itself when asked', () => {
    expect(refusal('--help')).toMatchObject({ exitCode: 0 });
  });
});
