import { signal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { TextField } from './fields.tsx';
import { Button } from './parts.tsx';

type Question = {
  readonly title: string;
  /** What is going to happen, a sentence each. */
  readonly says: readonly string[];
  /** What the button says. */
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What has to be typed first: for what cannot be undone. */
  readonly repeat?: { readonly what: string; readonly text: string };
  /** A field for a reason. */
  readonly asksReason?: boolean;
};

type Asked = Question & { readonly answer: (reason: string | undefined) => void };
const asked = signal<Asked | undefined>(undefined);

/** Asks before something is written. The reason that was given, possibly empty; undefined where it was refused. */
export const confirm = (question: Question): Promise<string | undefined> =>
  new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (reason) => {
        asked.value = undefined;
        resolve(reason);
      },
    };
  });

function Dialog({ question }: { question: Asked }) {
  const { title, says, action, isDangerous, repeat, asksReason, answer } = question;
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [reason, setReason] = useState('');
  useEffect(() => dialog.current?.showModal(), []);
  const isAllowed = repeat === undefined || typed.trim() === repeat.text;
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question"
      onCancel={(event) => {
        event.preventDefault();
        answer(undefined);
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isAllowed) answer(reason.trim());
        }}
      >
        <h2 id="question">{title}</h2>
        {says.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        {asksReason ? (
          <TextField
            label="Reason"
            hint="For those who look at it later. Do not write names or numbers of people."
            value={reason}
            onValue={setReason}
          />
        ) : null}
        {repeat ? (
          <TextField
            label={`Type ${repeat.what} (${repeat.text})`}
            value={typed}
            onValue={setTyped}
            isRequired
          />
        ) : null}
        <div class="actions">
          <Button onClick={() => answer(undefined)}>Cancel</Button>
          <Button submits kind={isDangerous ? 'danger' : 'main'} disabled={!isAllowed}>
            {action}
          </Button>
        </div>
      </form>
    </dialog>
  );
}

/** Where questions are asked. */
export const Confirmation = () =>
  asked.value ? <Dialog key={asked.value.title} question={asked.value} /> : null;
