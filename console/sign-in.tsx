import { useState } from 'preact/hooks';
import { TextField } from './parts/fields.tsx';
import { Button } from './parts/parts.tsx';
import { useAction } from './parts/use-action.tsx';
import { place, signedOutBecause, signIn, TenantNeeded } from './state.ts';

/** Asks for a key. It is kept in memory until the page is left or reloaded. */
export function SignIn() {
  const [key, setKey] = useState('');
  const [tenant, setTenant] = useState(place.value.query.tenant ?? '');
  const [isTenantNeeded, setTenantNeeded] = useState(false);
  const action = useAction();

  async function submit(): Promise<string | undefined> {
    try {
      await signIn(key.trim(), tenant.trim());
      return 'Signed in.';
    } catch (error) {
      if (!(error instanceof TenantNeeded)) throw error;
      setTenantNeeded(true);
      return 'This key is good for several tenants: name one.';
    }
  }

  return (
    <main class="sign-in">
      <h1>Mobile connector</h1>
      {signedOutBecause.value ? (
        <p class="note warn" role="alert">
          {signedOutBecause.value}
        </p>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void action.run(submit);
        }}
      >
        <TextField
          label="Key"
          type="password"
          hint="A viewer, operator or compliance key. It stays in this page’s memory; a reload asks again."
          value={key}
          onValue={setKey}
          isRequired
        />
        <TextField
          label="Tenant"
          hint={
            isTenantNeeded
              ? 'This key is good for several tenants: name one.'
              : 'Needed only if the key is good for several tenants.'
          }
          value={tenant}
          onValue={setTenant}
          isRequired={isTenantNeeded}
        />
        {action.note}
        <Button submits kind="main" disabled={action.isBusy}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
