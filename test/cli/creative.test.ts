import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { service } from '../domain/operator/service.ts';
import { terminal } from './terminal.ts';

const directory = mkdtempSync(join(tmpdir(), 'creative-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

const run = (line: string) => terminal(service([]))(line);

describe('creative check', () => {
  it('shows what a creative becomes', async () => {
    const creative = file(
      'spring.txt',
      'TO:{{phone}};BODY:\nHello {{firstname}}, reply STOP to end.',
    );
    const sample = file('people.json', '[{"phone":"+12025550123","firstname":"Ben"}]');
    const { out, exitCode } = await run(`creative check ${creative} --sample ${sample}`);
    expect(out).toBe(
      [
        'To +120255501.. (from TO) · from +12025550100 (default_sender) · SMS (by default)',
        'Hello Ben, reply STOP to end.',
        'SMS: GSM-7, 1 segment, about US$0.0079 a message',
        'It can be sent.',
        '',
      ].join('\n'),
    );
    expect(exitCode).toBe(0);
  });

  it('exits with 1 where the creative has errors', async () => {
    const creative = file('wrong.txt', 'TO:{{phone}};CHANEL:MMS;BODY:Hi');
    const { out, exitCode } = await run(`creative check ${creative} --provider scg`);
    expect(out).toContain('error: CHANEL is no field; did you mean CHANNEL?');
    expect(out).toContain('It would not be sent.');
    expect(exitCode).toBe(1);
  });

  it('gives all of it as JSON', async () => {
    const creative = file('dash.txt', 'TO:+12025550123;BODY:Sale – today');
    const { out, exitCode } = await run(`creative check ${creative} --json`);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      encoding: 'UCS-2',
      offendingCharacters: [{ character: '–', codePoint: 'U+2013', position: 6 }],
      estimate: { min: 0.0079, currency: 'USD' },
    });
    expect(exitCode).toBe(0);
  });

  it.each([
    ['creative check /nowhere/at/all.txt', '/nowhere/at/all.txt cannot be read.'],
    [`creative check ${file('a.txt', 'Hi')} --sample ${file('b.json', '{')}`, 'is not JSON.'],
    [`creative check ${file('a.txt', 'Hi')} --sample ${file('c.json', '3')}`, 'holds no object'],
  ])('says what is wrong with %s', async (line, reason) => {
    const { err, exitCode } = await run(line);
    expect(err).toContain(reason);
    expect(exitCode).toBe(2);
  });
});
