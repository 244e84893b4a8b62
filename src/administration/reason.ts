import { faultsOfBlank } from '../accounts/required-texts.ts';
import type { Fault } from '../common/errors.ts';
import { charactersIn } from '../common/text-length.ts';
import { faultsOfText } from './validate-texts.ts';

const MAX_REASON = 500;

/** Validates why an administrator does something, for the audit log. */
export function faultsOfReason(reason: string): Fault[] {
  const blank = faultsOfBlank({ reason });
  if (blank.length > 0) return blank;
  if (charactersIn(reason.trim(), MAX_REASON) > MAX_REASON) {
    return [{ path: ['reason'], message: `reason must be at most ${MAX_REASON} characters` }];
  }
  return faultsOfText(reason, ['reason']);
}
