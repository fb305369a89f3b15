import type { Table } from './table.ts';

/** What these measurements have led to. The numbers are those of the day, side by side. */
export const improvements: Table = {
  name: 'improvements',
  title: 'What was found here and made better',
  about: [
    'The first measurement of each, and the one after the change. What cost most and stayed is named in the tables above: writes of DynamoDB, and among them the two units a message that list it as open until its final status is known.',
  ],
  columns: ['what', 'before', 'after', 'how'],
  rows: [
    [
      'worker, cold start with source maps on',
      '88 ms, a map of 2.4 MB (66 ms without maps)',
      '78 ms, a map of 0.8 MB',
      'maps without the sources: traces need places only',
    ],
    [
      'message sent at its second try',
      '10 calls, 6 writes',
      '8.1 calls, 5 writes',
      'a record that was given out before is looked up before it is claimed',
    ],
    [
      'ten records that go back to the queue',
      '10 calls',
      '1 call',
      'their visibility is changed with one call',
    ],
    [
      'a sender that may send 100 a second and answers 429 beyond (simulated)',
      '63 a second, 7 tries a message',
      '84 a second, 7.5 tries a message',
      '`retry_max_seconds` 300 in place of 900: longer waits left the sender idle at the end',
    ],
    [
      'message refused by the provider',
      '6 write units',
      '5 write units',
      'the index by status holds all of a failed request but its body',
    ],
    [
      'failed request sent by a replay of 100',
      '19.56 write units, 5.3 read units',
      '13.3 write units, 6.2 read units',
      'that index again; the index by replay holds what is settled only, and the index of replays not their place in the selection. The body is read where a replay sends it',
    ],
    ['opt-out that only the provider knew of', '4 writes', '3 writes', 'it was written down twice'],
  ],
};
