import { answerTooLarge } from '../../../common/errors.ts';

/** How many bytes an operation may still read: what it reads is a part of its answer, or nearly so. */
export interface ReadBudget {
  readonly left: number;
  /** @throws ApiError ANSWER_LIMIT_EXCEEDED once they are more than are left, and for whatever is read after that. */
  spend(bytes: number): void;
}

/** The budgets of operations, each known by its context: all lists of one operation share one. */
export function createReadBudgets(most: number): (operation: object) => ReadBudget {
  const budgets = new WeakMap<object, ReadBudget>();

  function begin(): ReadBudget {
    let left = most;
    return {
      get left() {
        return Math.max(0, left);
      },
      spend(bytes) {
        left -= bytes;
        if (left < 0) throw answerTooLarge(most);
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
