import type { Route } from './route.ts';
import { accessRoutes } from './routes/access.ts';
import { auditRoutes } from './routes/audit.ts';
import { campaignTotalsRoutes } from './routes/campaign-totals.ts';
import { campaignRoutes } from './routes/campaigns.ts';
import { creativeRoutes } from './routes/creatives.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { failedRequestRoutes } from './routes/failed-requests.ts';
import { messageRoutes } from './routes/messages.ts';
import { optOutRoutes } from './routes/opt-outs.ts';
import { peopleRoutes } from './routes/people.ts';
import { replayRoutes } from './routes/replays.ts';
import { senderRoutes } from './routes/senders.ts';
import { statusRoutes } from './routes/status.ts';
import { templateRoutes } from './routes/templates.ts';
import { totalsCheckRoutes } from './routes/totals-check.ts';

/** The table of the operator's routes: the file in `routes/` that a path names has its row. */
export const operatorRoutes: readonly Route[] = [
  ...failedRequestRoutes,
  ...deliveryRoutes,
  ...replayRoutes,
  ...optOutRoutes,
  ...peopleRoutes,
  ...campaignRoutes,
  ...senderRoutes,
  ...statusRoutes,
  ...accessRoutes,
  ...campaignTotalsRoutes,
  ...totalsCheckRoutes,
  ...messageRoutes,
  ...auditRoutes,
  ...creativeRoutes,
  ...templateRoutes,
];
