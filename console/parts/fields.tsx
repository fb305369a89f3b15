import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type TypedEvent = { readonly currentTarget: { readonly value: string } };
type Common = { label: string; hint?: string | undefined };

/** A field with its label above and a hint below. */
function Field({
  label,
  hint,
  children,
}: Common & { children: (ids: { id: string; hintId: string | undefined }) => ComponentChildren }) {
  const id = useId();
  const hintId = hint === undefined ? undefined : `${id}-hint`;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, hintId })}
      {hint === undefined ? null : (
        <small id={hintId} class="hint">
          {hint}
        </small>
      )}
    </div>
  );
}

export function TextField({
  label,
  hint,
  value,
  onValue,
  type = 'text',
  isRequired = false,
}: Common & {
  value: string;
  onValue: (value: string) => void;
  type?: 'text' | 'password' | 'number' | 'tel';
  isRequired?: boolean;
}) {
  return (
    <Field label={label} hint={hint}>
      {({ id, hintId }) => {
        const common = {
          id,
          value,
          required: isRequired,
          autocomplete: 'off',
          spellcheck: false,
          'aria-describedby': hintId,
          onInput: (event: TypedEvent) => onValue(event.currentTarget.value),
        } as const;
        switch (type) {
          case 'password':
            return <input type="password" {...common} />;
          case 'number':
            return <input type="number" step="any" min={0} inputMode="decimal" {...common} />;
          case 'text':
            return <input type="text" {...common} />;
          case 'tel':
            return <input type="tel" {...common} />;
        }
      }}
    </Field>
  );
}

export function AreaField({
  label,
  hint,
  value,
  onValue,
}: Common & { value: string; onValue: (value: string) => void }) {
  return (
    <Field label={label} hint={hint}>
      {({ id, hintId }) => (
        <textarea
          id={id}
          rows={8}
          value={value}
          spellcheck={false}
          {...(hintId ? { 'aria-describedby': hintId } : {})}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function SelectField({
  label,
  hint,
  value,
  options,
  onValue,
}: Common & {
  value: string;
  options: readonly (readonly [string, string])[];
  onValue: (value: string) => void;
}) {
  return (
    <Field label={label} hint={hint}>
      {({ id, hintId }) => (
        <select
          id={id}
          value={value}
          {...(hintId ? { 'aria-describedby': hintId } : {})}
          onChange={(event) => onValue(event.currentTarget.value)}
        >
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function CheckField({
  label,
  hint,
  value,
  onValue,
}: Common & { value: boolean; onValue: (value: boolean) => void }) {
  const id = useId();
  return (
    <div class="field check">
      <input
        id={id}
        type="checkbox"
        checked={value}
        {...(hint ? { 'aria-describedby': `${id}-hint` } : {})}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint ? (
        <small id={`${id}-hint`} class="hint">
          {hint}
        </small>
      ) : null}
    </div>
  );
}
