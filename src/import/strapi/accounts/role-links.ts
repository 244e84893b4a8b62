import { ImportRefused, type StrapiRecord } from '../source.ts';

type Link = Extract<StrapiRecord, { kind: 'link' }>;

export const USER = 'plugin::users-permissions.user';
export const ROLE = 'plugin::users-permissions.role';
export const PERMISSION = 'plugin::users-permissions.permission';

/** Which role each row of a type has. Both ends can come later than the link. */
export class RoleLinks {
  readonly #roles = new Map<number, number>();
  readonly #type: string;
  readonly #word: string;
  readonly #maximum: number;

  constructor(type: string, word: string, maximum: number) {
    this.#type = type;
    this.#word = word;
    this.#maximum = maximum;
  }

  /** @throws ImportRefused for a second role of one row. */
  add({ left, right }: Link): void {
    if (left.type !== this.#type || left.field !== 'role') return;
    if (right.type !== ROLE) throw new ImportRefused(`${this.#word} ${left.ref}: its role is of another type.`);
    const before = this.#roles.get(left.ref);
    if (before !== undefined && before !== right.ref)
      throw new ImportRefused(
        `${this.#word} ${left.ref}: it has two roles, ${before} and ${right.ref}. Leave one in Strapi.`,
      );
    if (this.#roles.size === this.#maximum)
      throw new ImportRefused(`There are links to roles of more than ${this.#maximum} ${this.#word}s.`);
    this.#roles.set(left.ref, right.ref);
  }

  of(id: number): number | undefined {
    return this.#roles.get(id);
  }

  /** @throws ImportRefused for a link to a row that is not there. */
  check(isThere: (id: number) => boolean, isRole: (id: number) => boolean): void {
    for (const [id, role] of this.#roles) {
      if (!isThere(id)) throw new ImportRefused(`${this.#word} ${id}: there is a link from it, and it is not there.`);
      if (!isRole(role))
        throw new ImportRefused(`${this.#word} ${id}: its role ${role} is not there. Give it another one in Strapi.`);
    }
  }
}
