import { useEffect, useRef, useState } from 'preact/hooks';
import type { ReplayAnswer } from '../../domain/operator/answers/replays.ts';
import { confirm } from '../parts/confirm.tsx';
import { CheckField, TextField } from '../parts/fields.tsx';
import { Button, Empty, Table } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { hashOf, type Place } from '../router.ts';
import { useSession } from '../state.ts';
import { counted, number, roughly, verdictWords } from '../words.ts';
import {
  consequences,
  defaults,
  isInsisting,
  type Options,
  optionFields,
  type Plan,
  planOf,
} from './plans.ts';
import { selectionOf, selectionWords } from './selection.ts';

/** An id that nobody else has drawn. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');

/** A plan is made once nothing was typed for so long: it reads each request that is selected. */
const TYPING_MS = 400;

type Verdict = {
  readonly verdict: string;
  readonly count: number;
  readonly guids: readonly string[];
};

const verdictsOf = ({ counts, samples }: Plan): readonly Verdict[] => {
  const examples: Readonly<Record<string, readonly string[]>> = samples;
  return Object.entries(counts)
    .map(([verdict, count]) => ({ verdict, count, guids: examples[verdict] ?? [] }))
    .sort((a, b) => b.count - a.count);
};

const columns = [
  { title: 'Count', isNumber: true, cell: ({ count }: Verdict) => number(count) },
  { title: 'What happens to them', cell: ({ verdict }: Verdict) => verdictWords(verdict) },
  {
    title: 'For example',
    cell: ({ guids }: Verdict) => (
      <span class="links">
        {guids.map((guid) => (
          <a key={guid} href={hashOf('messages', undefined, { guid })}>
            {guid}
          </a>
        ))}
      </span>
    ),
  },
];

function OptionFields({ of, onChange }: { of: Options; onChange: (next: Options) => void }) {
  return (
    <fieldset>
      <legend>How</legend>
      <TextField
        label="Messages per second"
        type="number"
        value={of.rate}
        onValue={(rate) => onChange({ ...of, rate })}
      />
      <TextField
        label="Canary"
        type="number"
        hint="So many are sent first and waited for; 0 for none."
        value={of.canary}
        onValue={(canary) => onChange({ ...of, canary })}
      />
      <CheckField
        label="Also send expired messages"
        value={of.ignoreTtl}
        onValue={(ignoreTtl) => onChange({ ...of, ignoreTtl })}
      />
      <CheckField
        label="Also send what the provider refused permanently"
        hint="As it is. It helps only if the cause has gone."
        value={of.includePermanent}
        onValue={(includePermanent) => onChange({ ...of, includePermanent })}
      />
      <CheckField
        label="Also send what the provider can neither confirm nor deny"
        hint="A person may get such a message twice."
        value={of.sendInDoubt}
        onValue={(sendInDoubt) => onChange({ ...of, sendInDoubt })}
      />
    </fieldset>
  );
}

const Planned = ({ plan }: { plan: Plan }) =>
  plan.selected === 0 ? (
    <Empty>Nothing is selected: there is nothing to replay.</Empty>
  ) : (
    <>
      <p>
        <strong>
          {number(plan.wouldSend)} of {counted(plan.selected, 'request')} would be sent
        </strong>
        , in {roughly(plan.seconds)} at {plan.rate} a second.
      </p>
      <Table
        caption="The plan"
        columns={columns}
        rows={verdictsOf(plan)}
        keyOf={({ verdict }) => verdict}
      />
    </>
  );

/** What a replay would do; starts it once that was confirmed. */
export function PlanView({ place }: { place: Place }) {
  const { api, tenantId } = useSession();
  const selection = selectionOf(place.query);
  const [options, setOptions] = useState(defaults);
  const [plan, setPlan] = useState<Plan>();
  const [round, setRound] = useState(1);
  const action = useAction();
  // The same for each attempt: a start whose answer was lost is found again.
  const key = useRef(newKey());

  useEffect(() => {
    setPlan(undefined);
    let isCurrent = true;
    const judge = async () => {
      const made = await planOf(api, selection, options);
      if (!isCurrent) return undefined;
      setPlan(made);
      return `${number(made.wouldSend)} of ${counted(made.selected, 'request')} would be sent.`;
    };
    const timer = setTimeout(() => void action.run(judge), TYPING_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [JSON.stringify([selection, options]), round]);

  async function start(made: Plan): Promise<string | undefined> {
    const agreed = await confirm({
      title: 'Start the replay?',
      says: consequences(made, options),
      action: 'Start',
      isDangerous: isInsisting(options),
      ...(isInsisting(options) ? { repeat: { what: 'the tenant', text: tenantId } } : {}),
    });
    if (agreed === undefined) return undefined;
    const body = {
      ...made.selection,
      ...optionFields(options),
      ...(isInsisting(options) ? { confirm: tenantId } : {}),
    };
    const replay = await api.post<ReplayAnswer>('/replays', body, key.current);
    location.assign(hashOf('replays', replay.replayId));
    return 'The replay has started.';
  }

  return (
    <>
      <p>
        <a href={hashOf('failed')}>Failed</a>
      </p>
      <h1>Plan a replay</h1>
      <p>Selected: {selectionWords(selection)}.</p>
      <OptionFields
        of={options}
        onChange={(next) => {
          key.current = newKey();
          setOptions(next);
        }}
      />
      {action.note === null && plan === undefined ? (
        <p class="loading">Judging each request …</p>
      ) : null}
      {plan === undefined ? null : <Planned plan={plan} />}
      {action.note}
      <div class="actions">
        <Button onClick={() => setRound(round + 1)} disabled={action.isBusy}>
          Plan again
        </Button>
        {plan !== undefined && plan.wouldSend > 0 ? (
          <Button
            kind="main"
            disabled={action.isBusy}
            onClick={() => void action.run(() => start(plan))}
          >
            Start the replay
          </Button>
        ) : null}
      </div>
    </>
  );
}
