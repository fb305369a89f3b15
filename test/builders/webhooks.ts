import type { AnswerDeps } from '../../domain/feedback/answer.ts';
import {
  type AnswerByMessageDeps,
  answerByMessage,
} from '../../domain/feedback/answer-by-message.ts';
import {
  type AnswerInResponseDeps,
  answerInResponse,
} from '../../domain/feedback/answer-in-response.ts';
import {
  type AnswerReply,
  type ReceiveDeps,
  type ReplyDeps,
  receiveCallback,
} from '../../domain/feedback/receive-callback.ts';
import type { HttpRequest } from '../../domain/http.ts';
import { type ScgCallbackOptions, scgCallbacks } from '../../providers/scg/webhook/events.ts';
import { twilioInboundCallbacks } from '../../providers/twilio/webhooks/inbound.ts';
import type { SignedFormOptions } from '../../providers/twilio/webhooks/signed-form.ts';
import { twilioStatusCallbacks } from '../../providers/twilio/webhooks/status.ts';

type Flat = Omit<ReceiveDeps, 'replies'> & Omit<ReplyDeps, 'answer'> & AnswerDeps;

const withReplies = (deps: Flat, answer: AnswerReply): ReceiveDeps => ({
  ...deps,
  replies: { ...deps, answer },
});

/** The three webhooks, wired as their handlers do it, from one flat set of parts. */

export const twilioStatus = (
  request: HttpRequest,
  deps: Omit<ReceiveDeps, 'replies'> & SignedFormOptions,
) => receiveCallback(request, twilioStatusCallbacks(deps), deps);

export type TwilioInboundDeps = Flat &
  AnswerInResponseDeps &
  SignedFormOptions & { readonly twiml: (text?: string) => string };

export const twilioInbound = (request: HttpRequest, deps: TwilioInboundDeps) =>
  receiveCallback(
    request,
    twilioInboundCallbacks({ ...deps, write: deps.twiml }),
    withReplies(deps, (reply, heard) => answerInResponse(reply, heard, deps)),
  );

export type ScgEventsDeps = Flat & AnswerByMessageDeps & ScgCallbackOptions;

export const scgEvents = (request: HttpRequest, deps: ScgEventsDeps) =>
  receiveCallback(
    request,
    scgCallbacks(deps),
    withReplies(deps, (reply, heard) => answerByMessage(reply, heard, deps)),
  );
