import { timedOut } from '../../common/errors.ts';
import { wrappedAround } from './execution.ts';

/** Answers an operation that was stopped at its deadline with a timeout error. */
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
