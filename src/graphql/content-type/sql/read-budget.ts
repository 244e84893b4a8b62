import { answerTooLarge } from '../../../common/errors.ts';

/** The bytes an operation is still allowed to read: about the size of its answer. */
export interface ReadBudget {
  readonly left: number;
  /** @throws ApiError ANSWER_LIMIT_EXCEEDED if the budget is exceeded, and on every later call. */
  spend(bytes: number): void;
}

/** One budget per operation, keyed by its context: all lists of an operation share it. */
export function createReadBudgets(max: number): (operation: object) => ReadBudget {
  const budgets = new WeakMap<object, ReadBudget>();

  function begin(): ReadBudget {
    let left = max;
    return {
      get left() {
        return Math.max(0, left);
      },
      spend(bytes) {
        left -= bytes;
        if (left < 0) throw answerTooLarge(max);
      },
    };
  }

  return (operation) => {
    const before = budgets.get(operation);
    if (before) return before;
    const budget = begin();
    budgets.set(operation, budget);
    return budget;
  };
}
