import { ImportRefused } from '../source.ts';

/** Rows of one table, none of which has the id or the documentId of another one. */
export class Distinct<Entry extends { readonly id: number; readonly documentId?: string | undefined }> {
  readonly #byId = new Map<number, Entry>();
  readonly #documentIds = new Set<string>();
  readonly #word: string;
  readonly #maximum: number;

  constructor(word: string, maximum: number) {
    this.#word = word;
    this.#maximum = maximum;
  }

  /** @throws ImportRefused for a second one with the same id, and for one too many. */
  add(entry: Entry): void {
    const { id, documentId } = entry;
    if (this.#byId.has(id))
      throw new ImportRefused(`There are two ${this.#word}s with the id ${id}. Delete one in Strapi.`);
    if (documentId !== undefined && this.#documentIds.has(documentId))
      throw new ImportRefused(
        `${this.#word} ${id}: another ${this.#word} has the same documentId. Delete one in Strapi.`,
      );
    if (this.#byId.size === this.#maximum)
      throw new ImportRefused(
        `There are more than ${this.#maximum} ${this.#word}s, which is more than can be imported.`,
      );
    this.#byId.set(id, entry);
    if (documentId !== undefined) this.#documentIds.add(documentId);
  }

  get(id: number): Entry | undefined {
    return this.#byId.get(id);
  }

  /** In the order of their ids. */
  all(): Entry[] {
    return [...this.#byId.values()].sort((one, other) => one.id - other.id);
  }
}
