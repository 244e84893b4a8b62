import { timedOut } from '../../common/errors.ts';
import { wrappedAround } from './execution.ts';

/** Answers an operation that was ended at its deadline with an error that says so. */
export function stopAtDeadline() {
  return wrappedAround(async (execute, { contextValue: { deadline } }) => {
    try {
      return await execute();
    } catch (error) {
      if (deadline.aborted) return { errors: [timedOut()] };
      throw error;
    }
  });
}
