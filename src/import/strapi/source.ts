/** Values of a row as Strapi wrote them. They are hostile: nothing is known of their types. */
export type StrapiData = Readonly<Record<string, unknown>>;

/** One end of a link: the row with this numeric id, and the place among the links of its other end. */
export interface StrapiLinkEnd {
  readonly type: string;
  readonly field: string | undefined;
  /** Draft and published rows of one document have ids, and links, of their own. */
  readonly ref: number;
  readonly position: number | undefined;
}

/** One thing of a Strapi project, in the order in which its source has it. */
export type StrapiRecord =
  | { readonly kind: 'schema'; readonly uid: string; readonly schema: StrapiData }
  | { readonly kind: 'entity'; readonly type: string; readonly id: number; readonly data: StrapiData }
  /**
   * A link between rows, also between two of one type. Links that Strapi makes of others (`localizations`, `circular`) and those
   * of media (`morph`) are left out and counted.
   */
  | { readonly kind: 'link'; readonly relation: string; readonly left: StrapiLinkEnd; readonly right: StrapiLinkEnd }
  | {
      readonly kind: 'leftOutLink';
      readonly link: 'morph' | 'circular' | 'other';
      readonly type: string;
      readonly field: string;
    }
  /** A row of the core store, its value parsed: `plugin_users-permissions_advanced`. */
  | { readonly kind: 'setting'; readonly key: string; readonly value: unknown }
  | { readonly kind: 'asset' }
  /** Known only at the end of an archive. */
  | { readonly kind: 'version'; readonly version: string };

/** A Strapi project: an archive of `strapi export`, or its database. */
export interface StrapiSource {
  /**
   * Reads everything, as often as it is called, and keeps nothing of it.
   *
   * @throws ImportRefused for what is damaged, too large, or changed since the first reading.
   */
  records(): AsyncIterable<StrapiRecord>;
  close(): Promise<void>;
}

/** The import cannot be carried out. The message is one line that says where and why, and repeats no value. */
export class ImportRefused extends Error {}
