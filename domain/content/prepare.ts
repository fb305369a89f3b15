import type { Issue } from '../http.ts';
import type { MessageRequest } from '../outbound/message-request.ts';
import type { Prepare, SmsSize } from '../outbound/ports.ts';
import type { RulesOfProviders } from '../outbound/provider-rules.ts';
import { type EncodingMode, encodeText } from './encode-text.ts';
import { segmentsOf } from './segments.ts';
import { unmergedTags } from './unmerged.ts';

/** The settings by which a composed message is made ready to be queued. */
export type ContentSettings = {
  readonly providers: RulesOfProviders;
  readonly encoding: EncodingMode;
  /** Most segments of an SMS; 0 sets no limit. */
  readonly max_segments: number;
  /** Whether a message with `{{…}}` left in it is refused. */
  readonly refuse_unmerged: boolean;
  /** What is done about instructions that SCG would read in a body. */
  readonly scg_directives: 'escape' | 'author' | 'refuse';
};

function* issuesOf(
  { provider, body }: MessageRequest,
  sms: SmsSize | undefined,
  { providers, max_segments: most, refuse_unmerged, scg_directives }: ContentSettings,
): Generator<Issue> {
  const { maxBodyLength, hasDirectives } = providers[provider].capabilities;
  if (maxBodyLength !== undefined && [...body].length > maxBodyLength) {
    yield { field: 'body', issue: `is longer than ${maxBodyLength} characters in GSM-7` };
  }
  if (sms && most > 0 && sms.segments > most) {
    const issue = `takes ${sms.segments} segments of ${sms.encoding}, and max_segments is ${most}`;
    yield { field: 'body', issue };
  }
  if (scg_directives === 'refuse' && hasDirectives?.(body)) {
    yield {
      field: 'body',
      issue: 'has a directive or reference of Velocity, such as #set or $name',
    };
  }
  if (refuse_unmerged && unmergedTags(body).length > 0) {
    yield { field: 'body', issue: 'has a merge tag that was not replaced' };
  }
}

/**
 * The request as it is queued, sent and looked up, or why it is refused. Its text is encoded here and
 * nowhere later, so that a look-up at the provider compares what was sent.
 */
export const prepareContent =
  (settings: ContentSettings): Prepare =>
  (given) => {
    const mode = given.channel === 'SMS' ? settings.encoding : 'keep';
    const encoded = encodeText(given.body, mode);
    if (!encoded.ok) {
      return { kind: 'invalid', issues: [{ field: 'body', issue: encoded.issue }] };
    }
    const request = { ...given, body: encoded.text };
    const sms = segmentsOf(request);
    const issues = [...issuesOf(request, sms, settings)];
    if (issues.length > 0) return { kind: 'invalid', issues };
    return { kind: 'request', request, ...(sms ? { sms } : {}) };
  };
