import { useState } from 'preact/hooks';
import type { CreativeCheckAnswer } from '../../domain/operator/answers/creatives.ts';
import { AreaField, SelectField } from '../parts/fields.tsx';
import { Button, Facts, Table } from '../parts/parts.tsx';
import { useAction } from '../parts/use-action.tsx';
import { useSession } from '../state.ts';
import { number } from '../words.ts';

type Issue = CreativeCheckAnswer['errors'][number];

const providers = [
  ['twilio', 'Twilio'],
  ['scg', 'SCG'],
] as const;

const issueColumns = [
  { title: 'Field', cell: ({ field }: Issue) => <code>{field}</code> },
  { title: 'What', cell: ({ issue }: Issue) => issue },
];

const range = ({ min, max }: { min: number; max: number }): string =>
  min === max ? `${min}` : `${min} to ${max}`;

const Issues = ({ title, of }: { title: string; of: readonly Issue[] }) =>
  of.length === 0 ? null : (
    <Table
      caption={title}
      columns={issueColumns}
      rows={of}
      keyOf={({ field, issue }) => `${field} ${issue}`}
    />
  );

const Checked = ({ of }: { of: CreativeCheckAnswer }) => (
  <>
    <p class={`note ${of.ok ? 'good' : 'bad'}`}>
      {of.ok ? 'A message is made of this creative.' : 'No message could be sent like this.'}
    </p>
    <Issues title="Errors" of={of.errors} />
    <Issues title="Warnings" of={of.warnings} />
    {of.body === null ? null : <pre class="message">{of.body}</pre>}
    <Facts
      of={[
        ['Channel', of.channel && `${of.channel.value} (${of.channel.source})`],
        ['To', of.to?.value],
        ['From', of.from && `${of.from.value} (${of.from.source})`],
        ['Media', of.mediaUrls.join(' ')],
        ['Encoding', of.encoding],
        ['Segments', of.segments && range(of.segments)],
        ['Estimated price', of.estimate && `${range(of.estimate)} ${of.estimate.currency}`],
        [
          'Characters that need UCS-2',
          of.offendingCharacters
            .map(
              ({ character, codePoint, position }) =>
                `${character} (${codePoint}) at ${number(position)}`,
            )
            .join(', '),
        ],
      ]}
    />
  </>
);

/** What a creative becomes. Nothing is sent and nothing stored. */
export function CreativeView() {
  const { api } = useSession();
  const [provider, setProvider] = useState('twilio');
  const [creative, setCreative] = useState('');
  const [checked, setChecked] = useState<CreativeCheckAnswer>();
  const action = useAction();

  async function check(): Promise<string> {
    setChecked(undefined);
    const answer = await api.post<CreativeCheckAnswer>('/creatives/check', { provider, creative });
    setChecked(answer);
    return answer.ok ? 'The creative can be sent.' : 'The creative has errors.';
  }

  return (
    <>
      <h1>Check a creative</h1>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(check);
        }}
      >
        <SelectField label="Provider" value={provider} options={providers} onValue={setProvider} />
        <AreaField
          label="Creative"
          hint="As CI360 would post it, with names and numbers filled in. Nothing is sent and nothing stored."
          value={creative}
          onValue={setCreative}
        />
        <Button submits kind="main" disabled={action.isBusy}>
          Check
        </Button>
      </form>
      {action.note}
      {checked === undefined ? null : <Checked of={checked} />}
    </>
  );
}
