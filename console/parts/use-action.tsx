import { useState } from 'preact/hooks';
import { Problem } from '../client.ts';
import { announcement } from '../state.ts';
import { ProblemNote } from './parts.tsx';

/** Something that is written: whether it is under way, and why it failed. */
export function useAction() {
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  return {
    isBusy,
    note: problem === undefined ? null : <ProblemNote problem={problem} />,
    /** What `act` returns is announced. */
    run: async (act: () => Promise<string | undefined>) => {
      setBusy(true);
      setProblem(undefined);
      try {
        const said = await act();
        if (said !== undefined) announcement.value = said;
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        setProblem(error);
      } finally {
        setBusy(false);
      }
    },
  };
}
