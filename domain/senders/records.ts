import { parseJson } from '../json.ts';
import { type MessageRequest, messageRequestSchema } from '../outbound/message-request.ts';
import type { QueueRecord } from '../queue.ts';
import type { Governor, Pacing } from './pacing.ts';

/** A record whose message is held back by something. */
export type Governed = {
  readonly record: QueueRecord;
  readonly request: MessageRequest;
  /** The sender first. */
  readonly governors: readonly [Governor, ...Governor[]];
};

/** The governed records of a batch by what governs them. What cannot be read is governed by nothing. */
export function bySender(
  records: readonly QueueRecord[],
  pacing: Pick<Pacing, 'governorsOf'>,
): readonly (readonly [Governed, ...Governed[]])[] {
  const groups = new Map<string, [Governed, ...Governed[]]>();
  for (const record of records) {
    const { data: request } = messageRequestSchema.safeParse(parseJson(record.body));
    if (request === undefined) continue;
    const [sender, ...others] = pacing.governorsOf(request);
    if (sender === undefined) continue;
    const governed: Governed = { record, request, governors: [sender, ...others] };
    const key = `${sender.key.tenantId}/${sender.key.sender}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [governed]);
    else group.push(governed);
  }
  return [...groups.values()];
}
