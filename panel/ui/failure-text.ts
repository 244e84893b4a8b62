import { Failure } from '../api/failure.ts';
import type { Words } from '../words/words.ts';

/** Why something failed, in one sentence. */
export function sentenceOf(failure: unknown, { failures }: Words): string {
  if (!(failure instanceof Failure)) return failures.unexpected;
  switch (failure.code) {
    case 'UNREACHABLE':
      return failures.unreachable;
    case 'FORBIDDEN':
      return failures.forbidden;
    case 'STEP_UP_REQUIRED':
      return failures.stepUp;
    case 'RATE_LIMITED':
      return failures.rateLimited(failure.retryAfter ?? 60);
    case 'PASSKEY_NOT_GIVEN':
      return failures.passkeyNotGiven;
    case 'PASSKEY_EXISTS':
      return failures.passkeyExists;
    case 'PASSKEY_ELSEWHERE':
      return failures.passkeyElsewhere;
    case 'INTERNAL_SERVER_ERROR':
      return failures.server;
    default:
      return failure.faults.length > 0 ? failure.faults.map(({ message }) => message).join('. ') : failure.message;
  }
}
