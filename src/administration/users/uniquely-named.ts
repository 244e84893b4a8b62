import { isTaken, whichIsTaken } from '../../accounts/claim-identifiers.ts';
import { fieldTaken, UserFieldTaken } from '../../accounts/user-fields.ts';
import { type DocumentKey, whereOf } from '../../database/document-key.ts';
import { isUniqueViolation, uniquely } from '../../database/write-errors.ts';
import type { AdministrationServices } from '../administration.ts';

/** Runs a write of a user's names. @throws ApiError naming which of them is another user's, where one is. */
export function uniquelyNamed<T>(
  { prisma }: Pick<AdministrationServices, 'prisma'>,
  names: { readonly username: string | undefined; readonly email: string | undefined },
  key: DocumentKey | undefined,
  write: () => Promise<T>,
): Promise<T> {
  const whichOne = async (error: unknown) => {
    if (error instanceof UserFieldTaken) return fieldTaken(error.names);
    const own = key && (await prisma.user.findUnique({ where: whereOf(key), select: { id: true } }));
    return whichIsTaken(prisma, names, own?.id);
  };
  return uniquely(
    write,
    whichOne,
    (error) => isUniqueViolation(error) || isTaken(error) || error instanceof UserFieldTaken,
  );
}
