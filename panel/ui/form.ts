import { useCallback, useRef, useState } from 'react';
import { Failure } from '../api/failure.ts';
import { useLeaveGuard } from './leave-guard.ts';

export interface Form<Values> {
  readonly values: Values;
  /** Something differs from what was there. */
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly failure: unknown;
  set(change: Partial<Values>): void;
  /** The fault of one field, by the end of its path. */
  fault(...path: readonly (string | number)[]): string | undefined;
  /** Back to what was there, or to what is there now. */
  reset(values?: Values): void;
  /** Saves once at a time. When it is done, what is there counts as unchanged; when it fails, nothing that was typed is lost. */
  save(): Promise<boolean>;
}

/**
 * What somebody types before it is saved. While it is dirty, leaving asks first.
 *
 * @param key whose values these are: with another key, the form starts anew.
 * @param within the address of a screen whose parts share the values, if it has several.
 */
export function useForm<Values extends object>(
  key: string,
  initial: Values,
  save: (values: Values) => Promise<unknown>,
  within?: string,
): Form<Values> {
  const [state, setState] = useState({ key, initial, values: initial });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const running = useRef(false);
  let current = state;
  if (state.key !== key) {
    current = { key, initial, values: initial };
    setState(current);
    setFailure(undefined);
  }
  const dirty = JSON.stringify(current.values) !== JSON.stringify(current.initial);
  const guard = useLeaveGuard(dirty, within);
  const set = useCallback(
    (change: Partial<Values>) => setState((before) => ({ ...before, values: { ...before.values, ...change } })),
    [],
  );
  const reset = useCallback((values?: Values) => {
    setFailure(undefined);
    setState((before) => ({ ...before, initial: values ?? before.initial, values: values ?? before.initial }));
  }, []);
  return {
    values: current.values,
    dirty,
    busy,
    failure,
    set,
    reset,
    fault: (...path) => (failure instanceof Failure ? failure.at(...path) : undefined),
    async save() {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setFailure(undefined);
      const saved = current.values;
      try {
        // What it does when it is done, such as going elsewhere, is no leaving of something unsaved.
        await guard.without(() => save(saved));
        setState((before) => ({ ...before, initial: saved }));
        return true;
      } catch (error) {
        setFailure(error);
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
  };
}
