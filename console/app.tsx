import type { ComponentType } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { AuditView } from './audit/audit.tsx';
import { CampaignView } from './campaigns/campaign.tsx';
import { CampaignsView } from './campaigns/campaigns.tsx';
import { CreativeView } from './creatives/creative.tsx';
import { FailedView } from './failed/failed.tsx';
import { PlanView } from './failed/plan.tsx';
import { RequestsView } from './failed/requests.tsx';
import { MessagesView } from './messages/messages.tsx';
import { OptOutsView } from './opt-outs/opt-outs.tsx';
import { Confirmation } from './parts/confirm.tsx';
import { Button } from './parts/parts.tsx';
import { ReplayView } from './replays/replay.tsx';
import { ReplaysView } from './replays/replays.tsx';
import { hashOf, type Place } from './router.ts';
import { SendersView } from './senders/senders.tsx';
import { SignIn } from './sign-in.tsx';
import { announcement, may, place, type Role, session, signOut } from './state.ts';
import { StatusView } from './status/status.tsx';
import { TemplatesView } from './templates/templates.tsx';

type View = {
  readonly title: string;
  /** Whose keys open it, where a viewer's does not. */
  readonly role?: Role;
  readonly show: ComponentType<{ place: Place }>;
  /** The view of one thing, by its id. */
  readonly showOne?: ComponentType<{ place: Place; id: string }>;
  readonly isHidden?: boolean;
};

const views: Readonly<Record<string, View>> = {
  campaigns: { title: 'Campaigns', show: CampaignsView, showOne: CampaignView },
  failed: { title: 'Failed', show: FailedView },
  requests: { title: 'Failed requests', show: RequestsView, isHidden: true },
  plan: { title: 'Plan a replay', role: 'operator', show: PlanView, isHidden: true },
  replays: { title: 'Replays', show: ReplaysView, showOne: ReplayView },
  status: { title: 'Status', show: StatusView },
  messages: { title: 'Messages', show: MessagesView },
  'opt-outs': { title: 'Opt-outs', show: OptOutsView },
  audit: { title: 'Audit', role: 'compliance', show: AuditView },
  senders: { title: 'Senders', show: SendersView },
  creatives: { title: 'Creatives', show: CreativeView },
  templates: { title: 'Templates', show: TemplatesView },
};

const Navigation = ({ current }: { current: string }) => (
  <nav aria-label="Views">
    <ul>
      {Object.entries(views).map(([name, { title, role, isHidden }]) =>
        isHidden || (role !== undefined && !may(role)) ? null : (
          <li key={name}>
            <a href={hashOf(name)} {...(name === current ? { 'aria-current': 'page' } : {})}>
              {title}
            </a>
          </li>
        ),
      )}
    </ul>
  </nav>
);

function Content({ at }: { at: Place }) {
  const view = Object.hasOwn(views, at.view) ? views[at.view] : undefined;
  if (view === undefined) return <h1>There is no such view.</h1>;
  if (view.role !== undefined && !may(view.role)) {
    return (
      <>
        <h1>{view.title}</h1>
        <p class="note warn">This view needs a key with the role {view.role}.</p>
      </>
    );
  }
  const { show: Show, showOne: ShowOne } = view;
  return at.id !== undefined && ShowOne !== undefined ? (
    <ShowOne key={at.id} place={at} id={at.id} />
  ) : (
    <Show place={at} />
  );
}

function Signed({ tenantId, caller }: { tenantId: string; caller: string }) {
  const at = place.value;
  const main = useRef<HTMLElement>(null);
  const here = `${at.view}/${at.id ?? ''}`;
  useEffect(() => {
    document.title = `${views[at.view]?.title ?? 'Console'} · Mobile connector`;
    main.current?.focus();
  }, [here]);
  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        Skip to the content
      </button>
      <header>
        <strong>Mobile connector</strong>
        <span class="who">
          {tenantId} · {caller}
        </span>
        <Button onClick={() => signOut()}>Sign out</Button>
      </header>
      <Navigation current={at.view} />
      <main ref={main} id="content" tabIndex={-1}>
        <Content at={at} />
      </main>
    </>
  );
}

export const App = () => (
  <>
    {session.value ? (
      <Signed tenantId={session.value.tenantId} caller={session.value.caller} />
    ) : (
      <SignIn />
    )}
    <footer>
      <output aria-live="polite">{announcement.value}</output>
      <small>Times are in UTC. Numbers of people are masked.</small>
    </footer>
    <Confirmation />
  </>
);
