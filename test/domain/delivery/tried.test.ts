import { expect, it } from 'vitest';
import { contentOf, recipientOf } from '../../../domain/delivery/tried.ts';
import { aMessageRequest } from '../../builders/message-request.ts';

const to = '+12025550123';

it('a number is one recipient by SMS and MMS, and another one by WhatsApp', () => {
  const bySms = recipientOf({ channel: 'SMS', to });

  expect(bySms).toMatch(/^[0-9a-f]{6}$/);
  expect(recipientOf({ channel: 'MMS', to })).toBe(bySms);
  expect(recipientOf({ channel: 'WHATSAPP', to })).not.toBe(bySms);
  expect(recipientOf({ channel: 'SMS', to: '+12025550124' })).not.toBe(bySms);
});

it('contents differ by text, by pictures and by recipient, and not by message', () => {
  const request = aMessageRequest();
  const contents = [
    request,
    { ...request, body: 'Another text' },
    { ...request, mediaUrls: [...request.mediaUrls, 'https://example.com/a.png'] },
    { ...request, to: '+12025550199' },
  ].map(contentOf);

  expect(new Set(contents).size).toBe(4);
  expect(contentOf({ ...request, guid: 'another-guid' })).toBe(contents[0]);
});

it.each([
  ['“It’s” here – now…', '"it\'s"  here - now...'],
  ['½ price', '1/2 price'],
  ['Ｈｅｌｌｏ', 'Hello'],
])('the content %s is that of %s: a provider may make one of the other', (body, other) => {
  expect(contentOf(aMessageRequest({ body }))).toBe(contentOf(aMessageRequest({ body: other })));
});

it('texts without a letter or digit differ as they are written', () => {
  expect(contentOf(aMessageRequest({ body: '🎉' }))).not.toBe(
    contentOf(aMessageRequest({ body: '❤️' })),
  );
});
