import { inputError } from '../operation/check-input.ts';
import { checkedBefore } from './execution.ts';

/** Refuses values, in the document or its variables, that are too many, nested too deeply, or strings that cannot be stored. */
export function checkValues(maxValues: number) {
  return checkedBefore(({ document, variableValues }) => {
    const error = inputError(document, variableValues, maxValues);
    return error && { errors: [error] };
  });
}
