import { describe, expect, it } from 'vitest';
import { composeRequest } from '../../domain/outbound/compose.ts';
import { readEvent } from '../../domain/outbound/event.ts';
import { balance, isBalanced, type Observed } from '../../local/demo/books.ts';
import { campaign } from '../../local/demo/campaign.ts';
import { outboundEvent } from '../../local/demo/event.ts';
import { nextSteps, simulatedFor, tryLine } from '../../local/demo/next-steps.ts';
import { progressView } from '../../local/demo/progress.ts';
import { reportJson, reportText } from '../../local/demo/report.ts';
import { readFlags, UsageError } from '../../local/flags.ts';
import { behaviourOf } from '../../local/simulators/magic-numbers.ts';
import { senderSettings } from '../builders/sender-settings.ts';

const now = Date.UTC(2026, 0, 1);
const sample = (count: number) => {
  const ids = Array.from({ length: 3 * count }, (_, n) => `id-${n}`);
  return campaign(count, { tenantId: 'tenant-a', now, newId: () => ids.pop() ?? '' });
};
const settings = senderSettings({
  default_sender: '+12025550100',
  scg_default_sender: 'sender_id:local',
});

describe('a sample event', () => {
  const event = outboundEvent({
    guid: 'guid-1',
    tenantId: 'tenant-a',
    identityId: 'identity-1',
    creative: 'TO:+12025550123; Hello',
    generatedAt: now,
    responseTrackingCode: 'rtc-1',
  });

  it('is about as large as a real one, and as full of nulls', () => {
    const json = JSON.stringify(event);
    expect(json.length).toBeGreaterThan(3500);
    expect(json.length).toBeLessThan(5000);
    expect(json.match(/null/g)?.length).toBeGreaterThan(80);
  });

  it('holds what the service reads', () => {
    expect(readEvent(event)).toMatchObject({
      kind: 'event',
      event: { guid: 'guid-1', externalCode: 'TSK_100', responseTrackingCode: 'rtc-1' },
    });
  });
});

describe('the sample campaign', () => {
  /** How each event would be answered, and by whom it is received. */
  const kinds = (count: number) =>
    sample(count).map(({ body, provider, posts }) => {
      let json: unknown;
      try {
        json = JSON.parse(body);
      } catch {
        return 'not JSON';
      }
      const reading = readEvent(json);
      if (reading.kind !== 'event') return reading.kind;
      if (now - reading.event.generatedAt > 86_400_000) return 'stale';
      const composed = composeRequest(reading.event, provider, settings, now);
      if (composed.kind === 'invalid') return 'refused';
      return posts > 1 ? 'twice' : behaviourOf(composed.request.to);
    });

  it('is mostly successes, with everything that goes wrong in a real one', () => {
    const counts = new Map<string, number>();
    for (const kind of kinds(200)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    expect(counts.get('delivered')).toBeGreaterThan(110);
    expect(Object.fromEntries(counts)).toMatchObject({
      twice: 8,
      stale: 5,
      'not JSON': 2,
      refused: 4,
      'opted-out': 7,
      invalid: 5,
      'throttled-once': 8,
      'accepted-then-hangs': 4,
    });
  });

  it('mixes a short run as well as a long one', () => {
    expect(new Set(kinds(20)).size).toBeGreaterThan(4);
    expect(sample(7)).toHaveLength(7);
  });

  it('uses both providers, and no recipient or guid twice', () => {
    const events = sample(1000);
    expect(events.filter((event) => event.provider === 'scg')).toHaveLength(500);
    expect(new Set(events.map((event) => event.guid)).size).toBe(1000);
    const recipients = events.flatMap(({ body }) => /TO:(\+\d+)/.exec(body)?.[1] ?? []);
    expect(new Set(recipients).size).toBe(recipients.length);
  });
});

describe('the books of a campaign', () => {
  const sent: Observed = {
    answer: 'accepted',
    recorded: { kind: 'sent', status: 'delivered' },
    atProvider: 1,
  };
  const failed: Observed = {
    answer: 'accepted',
    recorded: { kind: 'failed', class: 'permanent', code: '21211', message: 'Not valid.' },
    atProvider: 0,
  };

  it('balance when every accepted event has one outcome', () => {
    const books = balance([
      sent,
      failed,
      failed,
      { answer: 'discarded', atProvider: 0 },
      { answer: 'rejected', atProvider: 0 },
    ]);
    expect(books).toMatchObject({
      accepted: 3,
      discarded: 1,
      rejected: 1,
      sent: 1,
      failed: { permanent: 2 },
      lost: 0,
      duplicates: 0,
    });
    expect(isBalanced(books)).toBe(true);
  });

  it.each<[string, Observed, object]>([
    ['has no outcome', { ...sent, recorded: { kind: 'open', status: 'sending' } }, { lost: 1 }],
    ['is nowhere at all', { answer: 'accepted', recorded: undefined, atProvider: 0 }, { lost: 1 }],
    ['is said to be sent and is at no provider', { ...sent, atProvider: 0 }, { lost: 1 }],
    ['was sent twice', { ...sent, atProvider: 2 }, { lost: 0, duplicates: 1 }],
    ['was sent though it failed', { ...failed, atProvider: 1 }, { unexplained: 1 }],
    ['was sent though it was rejected', { answer: 'rejected', atProvider: 1 }, { unexplained: 1 }],
  ])('do not balance when an event %s', (_how, odd, expected) => {
    const books = balance([sent, odd]);
    expect(books).toMatchObject(expected);
    expect(isBalanced(books)).toBe(false);
  });

  it('allow for a failure that may have been accepted after all', () => {
    const doubt: Observed = {
      answer: 'accepted',
      recorded: { kind: 'failed', class: 'unknown', code: 'timeout', message: 'No answer.' },
      atProvider: 1,
    };
    expect(isBalanced(balance([doubt]))).toBe(true);
  });

  it('are printed for people and for scripts', () => {
    const result = { ...balance([sent, failed]), seconds: 1.5 };
    expect(reportText(result)).toContain(
      'accepted 2 = sent 1 + failed 1 · lost 0, duplicates 0 · sending took 1.5 s',
    );
    expect(reportText({ ...result, secondsUntilHeard: 9.5 })).toContain(
      'sending took 1.5 s, all reports were in after 9.5 s',
    );
    expect(reportText(result)).toContain('21211 · Not valid.');
    expect(JSON.parse(reportJson(result))).toEqual({
      accepted: 2,
      discarded: 0,
      rejected: 0,
      sent: 1,
      failed: { permanent: 1 },
      lost: 0,
      duplicates: 0,
      seconds: 1.5,
      unanswered: 0,
      unexplained: 0,
      balanced: true,
    });
    expect(reportText({ ...result, lost: 1 })).toContain('do not balance');
  });
});

describe('the progress of a campaign', () => {
  it('is a line for every tenth where there is no terminal', () => {
    const written: string[] = [];
    const out = Object.assign(Object.create(process.stdout), {
      isTTY: false,
      write: (text: string) => written.push(text),
    });
    const view = progressView(20, out);
    for (let settled = 0; settled <= 20; settled += 1) view.show({ posted: 20, settled });
    view.end();
    expect(written).toHaveLength(11);
    expect(written.at(-1)).toContain('20/20 settled');
  });

  it('goes on, every few seconds, while reports are waited for', () => {
    const written: string[] = [];
    const out = Object.assign(Object.create(process.stdout), {
      isTTY: false,
      write: (text: string) => written.push(text),
    });
    const view = progressView(20, out);
    for (let seconds = 0; seconds <= 11; seconds += 1)
      view.wait({ heard: 30 + seconds, queued: seconds < 10 ? 0 : 4, seconds });
    expect(written).toEqual([
      '  waiting for delivery reports and replies: 30 so far · 0 s\n',
      '  waiting for delivery reports and replies: 35 so far · 5 s\n',
      '  waiting for delivery reports and replies: 40 so far, 4 more wait their turn · 10 s\n',
    ]);
  });
});

describe('the flags of npm start', () => {
  const secrets = { SECRETS_FILE: 'secrets.json' };
  it.each([
    [[], {}, { demo: 200, exit: false, json: false, data: undefined, port: 3000, simPort: 3001 }],
    [['--demo', '1000', '--exit', '--json'], {}, { demo: 1000, exit: true, json: true }],
    [
      ['--no-demo', '--data', 'd'],
      { PORT: '0', SIM_PORT: '4001' },
      { demo: 0, data: 'd', port: 0, simPort: 4001 },
    ],
    [[], secrets, { demo: 0, secretsFile: 'secrets.json' }],
    [['--demo', '5'], secrets, { demo: 5 }],
    [[], { PORT: '0', SIM_PORT: '0' }, { port: 0, simPort: 0, publicUrl: undefined }],
    [[], { PUBLIC_URL: 'https://tunnel.example/' }, { publicUrl: 'https://tunnel.example' }],
  ])('%j with %j', (args, env, expected) => {
    expect(readFlags(args, env)).toMatchObject(expected);
  });

  it.each([
    [['--demo', 'many'], {}, /--demo <events>.*It is a number of events/],
    [['--demo', '0'], {}, /It is a number of events/],
    [['--demo'], {}, /argument missing/],
    [['--data'], {}, /argument missing/],
    [['--verbose'], {}, /unknown option '--verbose'/],
    [['serve'], {}, /There is no "serve" to start\. Flags stand after --/],
    [[], { PORT: '70000' }, /PORT is "70000"; it must be a port/],
    [[], { SIM_PORT: 'x' }, /SIM_PORT is "x"/],
    [[], { PORT: '3300', SIM_PORT: '3300' }, /are both 3300/],
    [[], { PORT: '3001' }, /are both 3001/],
    [[], { PUBLIC_URL: 'tunnel.example' }, /PUBLIC_URL is "tunnel.example"/],
    [['--no-demo', '--demo', '5'], {}, /contradict each other/],
    [['--demo', '5', '--no-demo'], {}, /contradict each other/],
  ])('%j with %j are refused in a sentence', (args, env, sentence) => {
    const read = () => readFlags(args, env);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });

  it('give help without calling it an error', () => {
    expect(() => readFlags(['--help'], {})).toThrow(expect.objectContaining({ exitCode: 0 }));
  });
});

describe('the line to try', () => {
  const stack = {
    url: 'http://127.0.0.1:3000',
    simUrl: 'http://127.0.0.1:3001',
    logsDir: 'logs',
  };

  it('names the address it was made for', () => {
    expect(tryLine('http://127.0.0.1:4000')).toContain('http://127.0.0.1:4000/twilio/messages');
  });

  it('and those beside it name a tenant and keys that exist', () => {
    expect(nextSteps(stack)).toContain('    npm run cli -- failed\n');
    expect(nextSteps({ ...stack, url: 'http://127.0.0.1:3400' })).toContain(
      '    PORT=3400 npm run cli -- failed\n',
    );
    const caller = { tenantId: 'acme', connectorKey: 'key-c', operatorKey: 'key-o' };
    const steps = nextSteps(stack, caller);
    expect(steps).toContain("CI360_OPERATOR_KEY='key-o' CI360_TENANT='acme' npm run cli -- failed");
    expect(steps).toContain('"externalTenantId":"acme"');
    expect(steps).not.toContain('local-');
  });

  it('point to what a simulator took in a few lines, not to every request as it came', () => {
    const steps = nextSteps(stack);
    expect(steps).toContain(`curl -s ${stack.simUrl}/_messages/twilio`);
    expect(steps).toContain('(also scg, ci360)');
    expect(steps).not.toContain('_inspect');
  });

  it('say how to change a setting, and end with how to stop', () => {
    const steps = nextSteps(stack);
    expect(steps).toContain('event_ttl=600 npm start');
    expect(steps.split('\n').at(-1)).toBe('Ctrl-C ends it.');
  });

  it('offer with credentials of your own only the simulators that these point to', () => {
    const caller = { tenantId: 'acme', connectorKey: 'c', operatorKey: 'o' };
    const real = simulatedFor({ twilio_account_sid: 'AC1' }, stack.simUrl);
    expect(real).toEqual([]);
    const steps = nextSteps(stack, caller, real);
    expect(steps).not.toContain(stack.simUrl);
    expect(steps).not.toMatch(/simulated|Make it fail/);
    expect(steps).toContain('through your own account');

    const mixed = simulatedFor(
      { twilio_api_url: 'https://api.twilio.com', ci360_api_url: `${stack.simUrl}/ci360` },
      stack.simUrl,
    );
    expect(mixed).toEqual(['ci360']);
    expect(nextSteps(stack, caller, mixed)).toContain(`${stack.simUrl}/_faults/ci360`);
    expect(nextSteps(stack, caller, mixed)).not.toContain('_messages/twilio');
  });
});
