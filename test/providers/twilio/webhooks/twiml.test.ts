import { expect, it } from 'vitest';
import { twiml } from '../../../../providers/twilio/webhooks/twiml.ts';

it('says nothing when there is nothing to say', () => {
  expect(twiml()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response/>');
  expect(twiml('')).toBe(twiml());
});

it('escapes what means something in XML, and leaves out what XML cannot carry', () => {
  expect(twiml('a<b>&"c" \u0000\u0007 😀\n')).toContain(
    '<Message>a&lt;b&gt;&amp;"c"  😀\n</Message>',
  );
  expect(twiml('\ud83d alone')).toContain('<Message> alone</Message>');
});
