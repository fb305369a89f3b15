import type { Selection } from '../replay/selection.ts';
import type { Group } from './answers/failed-requests.ts';
import type { OperatorDeps } from './deps.ts';
import { groupOf, sumGroups } from './group.ts';
import { type Status, scan } from './scan.ts';

/** The selected rows in groups. With a cursor there are more: the caller adds the parts up. */
export async function groupsOf(
  selection: Selection,
  status: Status,
  cursor: string | undefined,
  deps: OperatorDeps,
) {
  let groups: Group[] = [];
  const end = await scan(
    selection,
    status,
    { cursor },
    (rows) => {
      groups = sumGroups([...groups, ...rows.map(groupOf)]);
      return true;
    },
    deps,
  );
  return { groups, ...end };
}
