import type { CampaignTotalsAnswer } from '../../domain/operator/answers/campaign-totals.ts';
import { segment } from '../client.ts';
import { SelectField } from '../parts/fields.tsx';
import { Badge, Bar, Count, Empty, Facts, Show, Table, Time } from '../parts/parts.tsx';
import { hashOf, type Place } from '../router.ts';
import { useSession } from '../state.ts';
import { useLive } from '../use-live.ts';
import { codeWords, number, percent } from '../words.ts';
import { Commands } from './commands.tsx';
import { Timeline } from './timeline.tsx';
import { funnelOf, othersOf, type Row, type Step, type Totals } from './totals.ts';

type Cause = CampaignTotalsAnswer['errors'][number];

const EVERY_MS = 2000;

const Steps = ({ steps, of, name }: { steps: readonly Step[]; of: number; name: string }) => (
  <ul class="funnel" aria-label={name}>
    {steps.map(({ name: step, count, tone }) => (
      <li key={step}>
        <span>{step}</span>
        <Bar part={count} whole={of} tone={tone} />
        <strong class="count">{number(count)}</strong>
        <small class="percent">{percent(count, of)}</small>
      </li>
    ))}
  </ul>
);

const held = ({ heldBy }: Totals): string =>
  Object.entries(heldBy)
    .map(([reason, count]) => `${number(count)} by ${reason}`)
    .join(', ');

const Details = ({ of: { totals, control, ...campaign } }: { of: CampaignTotalsAnswer }) => (
  <Facts
    of={[
      ['Task', campaign.taskId],
      ['Started', campaign.startedAt && <Time at={campaign.startedAt} />],
      ['Last change', campaign.updatedAt && <Time at={campaign.updatedAt} />],
      ['State set by', control.by],
      ['At', control.at && <Time at={control.at} />],
      ['Reason', control.reason],
      ['Held', held(totals)],
      [
        'Sent within 10 s',
        totals.speed.measured && percent(totals.speed.within10s, totals.speed.measured),
      ],
      [
        'Sent within 60 s',
        totals.speed.measured && percent(totals.speed.within60s, totals.speed.measured),
      ],
      [
        'Segments',
        totals.segments.count > 0 &&
          `${number(totals.segments.count)} of ${number(totals.segments.ofMessages)} messages`,
      ],
      ['Replayed', totals.replayed > 0 && number(totals.replayed)],
    ].map(([name, value]) => [String(name), value === false || value === 0 ? '' : value] as const)}
  />
);

/** Where failed requests of a cause are listed: what the provider took and did not deliver is in none. */
const Requests = ({ of: { outcome, code, provider }, taskId }: { of: Cause; taskId: string }) =>
  outcome === 'undelivered' ? (
    <span>Sent: nothing to replay</span>
  ) : (
    <a href={hashOf('requests', undefined, { code, provider, taskId })}>Failed requests</a>
  );

const causeColumns = (taskId: string) => [
  { title: 'Count', isNumber: true, cell: ({ count }: Cause) => number(count) },
  { title: 'Outcome', cell: ({ outcome }: Cause) => <Badge status={outcome} /> },
  { title: 'Code', cell: (cause: Cause) => codeWords(cause.code, cause.class) },
  { title: 'Provider', cell: ({ provider }: Cause) => provider },
  {
    title: 'Cause and what to do',
    cell: ({ meaning, advice }: Cause) => (
      <>
        {meaning} {advice ? <em>{advice}</em> : null}
      </>
    ),
  },
  { title: 'Where', cell: (cause: Cause) => <Requests of={cause} taskId={taskId} /> },
];

const partColumns = (by: string) => [
  { title: by, cell: ({ name }: Row) => name || '–' },
  ...(
    [
      ['Accepted', (totals) => totals.accepted],
      ['Waiting', (totals) => totals.waiting + totals.held + totals.inDoubt],
      ['Sent', (totals) => totals.sent],
      ['Delivered', (totals) => totals.delivered],
      ['Read', (totals) => totals.read],
      ['Undelivered', (totals) => totals.undelivered],
      ['Failed', (totals) => totals.failed + totals.expired],
      ['Segments', (totals) => totals.segments.count],
    ] satisfies [string, (totals: Totals) => number][]
  ).map(([title, count]) => ({
    title,
    isNumber: true,
    cell: ({ totals }: Row) => <Count of={count(totals)} />,
  })),
];

const dimensions = [
  ['hour', 'Hour'],
  ['day', 'Day'],
  ['country', 'Country'],
  ['sender', 'Sender'],
] as const;

/** One campaign: how far its messages came, when, and what failed. */
export function CampaignView({ id, place }: { id: string; place: Place }) {
  const { api } = useSession();
  const by = dimensions.find(([name]) => name === place.query.by)?.[0] ?? 'hour';
  const { loaded, refresh } = useLive(
    `${id} ${by}`,
    (signal) => api.get<CampaignTotalsAnswer>(`/campaigns/${segment(id)}`, { by }, signal),
    { everyMs: EVERY_MS },
  );
  const name = loaded.kind === 'ready' ? loaded.data.externalCode || loaded.data.taskId : id;
  return (
    <>
      <p>
        <a href={hashOf('campaigns')}>Campaigns</a>
      </p>
      <h1>
        {name} {loaded.kind === 'ready' ? <Badge status={loaded.data.control.state} /> : null}
      </h1>
      <Show of={loaded} onRetry={refresh}>
        {(campaign) => {
          const { totals, rows, errors, control, releasing, taskId } = campaign;
          return (
            <>
              {releasing ? (
                <p class="note warn">Held messages are being put back on the queue.</p>
              ) : null}
              <Commands taskId={taskId} name={name} state={control.state} onDone={refresh} />
              <h2>Funnel</h2>
              <Steps name="Funnel" steps={funnelOf(totals)} of={totals.accepted} />
              {othersOf(totals).length > 0 ? (
                <Steps name="Not delivered" steps={othersOf(totals)} of={totals.accepted} />
              ) : null}
              <Details of={campaign} />
              <h2>Failures by cause</h2>
              {errors.length === 0 ? (
                <Empty>Nothing failed.</Empty>
              ) : (
                <Table
                  caption="The most frequent causes"
                  columns={causeColumns(taskId)}
                  rows={errors}
                  keyOf={(cause) =>
                    `${cause.provider} ${cause.outcome} ${cause.class} ${cause.code}`
                  }
                />
              )}
              <h2>Timeline and parts</h2>
              {by === 'hour' ? <Timeline rows={rows} /> : null}
              <SelectField
                label="By"
                value={by}
                options={dimensions}
                onValue={(next) => location.assign(hashOf('campaigns', id, { by: next }))}
              />
              <Table
                caption={`Messages by ${by}`}
                columns={partColumns(by)}
                rows={rows}
                keyOf={(row) => row.name}
              />
            </>
          );
        }}
      </Show>
    </>
  );
}
