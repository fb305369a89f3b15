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
        const isRefused = error instanceof Problem;
        setProblem(isRefused ? error : new Problem(0, 'UNEXPECTED', 'The page had an error.'));
      } finally {
        setBusy(false);
      }
    },
  };
}
