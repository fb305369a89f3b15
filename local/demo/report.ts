import Table from 'cli-table3';
import { isBalanced } from './books.ts';
import type { CampaignResult } from './run.ts';

/** The result as a table for people, with every reason for which something was not sent. */
export function reportText(result: CampaignResult): string {
  const table = new Table({
    head: ['events', '', 'what it means'],
    colAligns: ['left', 'right', 'left'],
    style: { head: [], border: [] },
    // Rows stand close together.
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  });
  const row = (name: string, count: number, meaning: string) => table.push([name, count, meaning]);
  row('accepted', result.accepted, 'answered 202, safe in the queue from then on');
  row('discarded', result.discarded, 'too old to send (event_ttl)');
  row('rejected', result.rejected, 'malformed: answered 400 or 422 with the field and the reason');
  if (result.unanswered > 0) row('unanswered', result.unanswered, 'no answer, or a 5xx');
  row('sent', result.sent, 'at the provider, once');
  for (const { class: name, code, message, count } of result.reasons) {
    row(`failed: ${name}`, count, `${code} · ${message}`);
  }
  if (result.heard) {
    const { heard } = result;
    row('delivered', heard.delivered, 'the phone has it, and CI360 knows');
    row('undelivered', heard.undelivered, 'accepted by the provider, and failed later');
    row('read', heard.read, 'read, or a link in it followed');
    row('replied', heard.replied, 'answers, given back to the people who wrote them');
    row('reported to CI360', heard.reported, 'external events in all');
    if (heard.repeated > 0) row('reported again', heard.repeated, 'events that CI360 had heard');
  }
  row('lost', result.lost, 'accepted, and no outcome');
  row('duplicates', result.duplicates, 'at the provider more than once');
  if (result.unexplained > 0) row('unexplained', result.unexplained, 'sent against the record');
  const verdict = isBalanced(result)
    ? `accepted ${result.accepted} = sent ${result.sent} + failed ${failedOf(result)} · lost ${result.lost}, duplicates ${result.duplicates} · ${timesOf(result)}`
    : 'The books do not balance.';
  return `${table.toString()}\n${verdict}`;
}

const timesOf = ({ seconds, secondsUntilHeard }: CampaignResult) =>
  secondsUntilHeard === undefined
    ? `sending took ${seconds} s`
    : `sending took ${seconds} s, all reports were in after ${secondsUntilHeard} s`;

const failedOf = ({ failed }: CampaignResult) =>
  Object.values(failed).reduce((sum, count) => sum + count, 0);

/** The same for scripts. */
export function reportJson(result: CampaignResult): string {
  const { accepted, discarded, rejected, sent, failed, lost, duplicates } = result;
  return JSON.stringify({
    accepted,
    discarded,
    rejected,
    sent,
    failed,
    lost,
    duplicates,
    seconds: result.seconds,
    secondsUntilHeard: result.secondsUntilHeard,
    ...result.heard,
    unanswered: result.unanswered,
    unexplained: result.unexplained,
    balanced: isBalanced(result),
  });
}
