import * as z from 'zod';
import { parseJson } from '../../json.ts';
import type { Numbering } from '../../outbound/phone-number.ts';
import { phoneAddress } from '../contacts/address.ts';
import type { OpenRequest } from './engine.ts';
import { badRequest } from './flex-refused.ts';

export type TaskRequest = OpenRequest & { readonly initialNotificationMessage?: string };
export type MessageSend = OpenRequest & { readonly messageBody: string };

/** The longest text that can be sent, in characters. */
const MAX_BODY = 1600;

const bodySchema = z.record(z.string(), z.unknown());

/** JSON or a form, whatever the Content-Type: screens and back offices send both. */
function readBody(body: string): Record<string, unknown> | undefined {
  const text = body.trim();
  if (text === '') return {};
  if (!/^[[{"]/.test(text)) return Object.fromEntries(new URLSearchParams(text));
  return bodySchema.safeParse(parseJson(text)).data;
}

const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value.trim();
  return typeof value === 'number' ? String(value) : '';
};

/** Reads a body; refuses it with every mistake. */
function read<T extends OpenRequest>(
  body: string,
  required: readonly string[],
  purpose: OpenRequest['purpose'],
  numbering: Numbering,
  more: (fields: (name: string) => string, errors: string[]) => Omit<T, keyof OpenRequest>,
): OpenRequest & Omit<T, keyof OpenRequest> {
  const given = readBody(body);
  if (given === undefined) throw badRequest(['The request body is not a JSON object']);
  const field = (name: string) => textOf(given[name]);
  const errors = required
    .filter((name) => field(name) === '')
    .map((name) => `Missing '${name}' in request body`);
  const number = (name: string) => {
    const written = field(name);
    const address = phoneAddress(written, numbering);
    if (written !== '' && address === undefined) {
      errors.push(`'${name}' is not a telephone number; write it with its country code`);
    }
    return address;
  };
  const from = number('fromNumber');
  const to = number('toNumber');
  const source = field('sourceChatChannelSid');
  const worker = field('targetWorkerSid');
  if (worker !== '' && !/^WK[0-9a-zA-Z]{32}$/.test(worker)) {
    errors.push("'targetWorkerSid' is not a worker's sid");
  }
  const rest = more(field, errors);
  if (errors.length > 0 || from === undefined || to === undefined) throw badRequest(errors);
  return {
    purpose,
    kind: to.kind,
    from: from.number,
    to: to.number,
    toName: field('toName'),
    ...(source ? { sourceChannelId: source } : {}),
    ...(worker ? { workerId: worker } : {}),
    ...rest,
  };
}

function checkLength(name: string, text: string, errors: string[]): void {
  if (text.length > MAX_BODY) errors.push(`'${name}' is longer than ${MAX_BODY} characters`);
}

/** Reads `POST …/outbound-sms-tasks`. */
export const taskRequest = (body: string, numbering: Numbering) =>
  read<TaskRequest>(
    body,
    ['fromNumber', 'toName', 'toNumber'],
    'task',
    numbering,
    (field, errors) => {
      const initial = field('initialNotificationMessage');
      checkLength('initialNotificationMessage', initial, errors);
      return initial ? { initialNotificationMessage: initial } : {};
    },
  );

/** Reads `POST …/outbound-messages`. */
export const messageSend = (body: string, numbering: Numbering) =>
  read<MessageSend>(
    body,
    ['fromNumber', 'toName', 'toNumber', 'messageBody'],
    'message',
    numbering,
    (field, errors) => {
      const messageBody = field('messageBody');
      checkLength('messageBody', messageBody, errors);
      return { messageBody };
    },
  );
