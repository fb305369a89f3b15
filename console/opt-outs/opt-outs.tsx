import { useState } from 'preact/hooks';
import type { OptOutAnswer } from '../../domain/operator/answers/opt-outs.ts';
import { confirm } from '../parts/confirm.tsx';
import { SelectField, TextField } from '../parts/fields.tsx';
import { Button, Facts, Time } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { may, useSession } from '../state.ts';

const channels = [
  ['', 'As the address says, else SMS'],
  ['SMS', 'SMS'],
  ['WHATSAPP', 'WhatsApp'],
  ['WECHAT', 'WeChat'],
  ['RCS', 'RCS'],
  ['FACEBOOK', 'Messenger'],
] as const;

type Person = { readonly address: string; readonly channel: string | undefined };

const Shown = ({ of }: { of: OptOutAnswer }) => (
  <>
    <p class={`note ${of.optedOut ? 'warn' : 'good'}`}>
      Campaigns {of.optedOut ? 'do not write' : 'may write'} to {of.address}. {of.advice}
    </p>
    <Facts
      of={[
        ['Last statement', of.word?.status],
        ['By', of.word?.source],
        ['At', of.word && <Time key="at" at={of.word.at} />],
        ['Refusal of a provider', of.refusal && <Time key="at" at={of.refusal.at} />],
        [
          'It counts until',
          of.refusal?.countsUntil && <Time key="at" at={of.refusal.countsUntil} />,
        ],
      ]}
    />
  </>
);

/** What a compliance key can do about the person that is shown. */
function Changes({
  shown,
  person,
  onChange,
}: {
  shown: OptOutAnswer;
  person: Person;
  onChange: (next: OptOutAnswer) => void;
}) {
  const { api, tenantId } = useSession();
  const [source, setSource] = useState('');
  const action = useAction();

  async function lift(): Promise<string | undefined> {
    const agreed = await confirm({
      title: `Lift the opt-out of ${shown.address}?`,
      says: [
        'Campaigns write to this person again.',
        'Do it only if the person asked for that. It is kept in the history with the name of your key.',
      ],
      action: 'Lift the opt-out',
      isDangerous: true,
      repeat: { what: 'the tenant', text: tenantId },
    });
    if (agreed === undefined) return undefined;
    onChange(await api.post<OptOutAnswer>('/opt-outs/lift', { ...person, confirm: tenantId }));
    return 'The opt-out was lifted.';
  }

  async function add(): Promise<string | undefined> {
    const agreed = await confirm({
      title: `Record an opt-out of ${shown.address}?`,
      says: ['Campaigns do not write to this person any more, until the person opts in again.'],
      action: 'Record the opt-out',
    });
    if (agreed === undefined) return undefined;
    onChange(await api.post<OptOutAnswer>('/opt-outs/add', { ...person, source: source.trim() }));
    return 'The opt-out was recorded.';
  }

  return (
    <>
      {shown.optedOut ? (
        <Button kind="danger" disabled={action.isBusy} onClick={() => void action.run(lift)}>
          Lift the opt-out
        </Button>
      ) : (
        <form
          class="search"
          onSubmit={(event) => {
            event.preventDefault();
            void action.run(add);
          }}
        >
          <TextField
            label="Where the person said so"
            hint="Such as: phone. Without names and numbers."
            value={source}
            onValue={setSource}
            isRequired
          />
          <Button submits disabled={action.isBusy}>
            Record an opt-out
          </Button>
        </form>
      )}
      {action.note}
    </>
  );
}

/** Whether and why campaigns do not write to a person. */
export function OptOutsView() {
  const { api } = useSession();
  const [address, setAddress] = useState('');
  const [channel, setChannel] = useState('');
  const [found, setFound] = useState<{ shown: OptOutAnswer; person: Person }>();
  const action = useAction();

  async function show(): Promise<string> {
    setFound(undefined);
    const person = { address: address.trim(), channel: channel === '' ? undefined : channel };
    const shown = await api.post<OptOutAnswer>('/opt-outs/show', person);
    setFound({ shown, person });
    return shown.optedOut ? 'Opted out.' : 'Not opted out.';
  }

  return (
    <>
      <h1>Opt-outs</h1>
      <form
        class="search"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(show);
        }}
      >
        <TextField
          label="Number or address"
          hint="With + and the country’s code. It is in no address of the browser’s history."
          value={address}
          onValue={setAddress}
          type="tel"
          isRequired
        />
        <SelectField label="Channel" value={channel} options={channels} onValue={setChannel} />
        <Button submits kind="main" disabled={action.isBusy}>
          Show
        </Button>
      </form>
      {action.note}
      {found === undefined ? null : (
        <>
          <Shown of={found.shown} />
          {may('compliance') ? (
            <Changes {...found} onChange={(shown) => setFound({ shown, person: found.person })} />
          ) : (
            <p class="note">A compliance key can lift and record opt-outs.</p>
          )}
        </>
      )}
    </>
  );
}
