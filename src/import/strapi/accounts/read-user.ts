import type { StrapiUser } from '../project.ts';
import { isFieldName } from '../shapes.ts';
import type { StrapiData } from '../source.ts';
import { ImportRefused } from '../source.ts';
import { dates, documentIdOf, flag, optionalText, type Row, text } from './row.ts';

/** A user whose role is not known yet. */
export type UserToLink = Omit<StrapiUser, 'role'> & { role: number | undefined };

/** Reads users. Waiting tokens for resets and confirmations are not taken over. */
export class UserReader {
  /** Most users have the same further columns: the lists are shared. */
  readonly #lists = new Map<string, readonly string[]>();

  read(id: number, data: StrapiData): UserToLink {
    const row = { name: `user ${id}`, data };
    return {
      id,
      documentId: documentIdOf(row),
      username: text(row, 'username'),
      email: text(row, 'email'),
      provider: optionalText(row, 'provider') ?? 'local',
      passwordHash: optionalText(row, 'password'),
      confirmed: flag(row, 'confirmed'),
      blocked: flag(row, 'blocked'),
      role: undefined,
      ...dates(row),
      furtherColumns: this.#furtherColumns(row),
    };
  }

  #furtherColumns({ name, data }: Row): readonly string[] {
    const names = Object.keys(data).filter((column) => !OF_STRAPI.has(column) && holdsSomething(data[column]));
    if (!names.every(isFieldName))
      throw new ImportRefused(`${name}: one of its columns has a name that Strapi does not allow.`);
    const key = names.join();
    const list = this.#lists.get(key);
    if (list) return list;
    if (this.#lists.size === MAXIMUM_LISTS) throw new ImportRefused(`${name}: users have too many different columns.`);
    this.#lists.set(key, names);
    return names;
  }
}

/** Columns are those of one table. What differs is which of them hold something. */
const MAXIMUM_LISTS = 10_000;

const OF_STRAPI: ReadonlySet<string> = new Set([
  'id',
  'documentId',
  'username',
  'email',
  'provider',
  'password',
  'resetPasswordToken',
  'confirmationToken',
  'confirmed',
  'blocked',
  'createdAt',
  'updatedAt',
  'publishedAt',
  'locale',
]);

const holdsSomething = (value: unknown): boolean =>
  value !== null && value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
