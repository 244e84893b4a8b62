import type { StrapiData, StrapiSource } from './source.ts';

/** What has to be in memory of a Strapi project: all of its accounts, and how much there is of its content. */
export interface StrapiProject {
  readonly source: StrapiSource;
  /** `5.54.0`; undefined for a database, which does not say. */
  readonly version: string | undefined;
  /** The schemas of content types and components, by uid: `api::post.post`. */
  readonly schemas: ReadonlyMap<string, StrapiData>;
  readonly roles: readonly StrapiRole[];
  readonly users: readonly StrapiUser[];
  readonly apiTokens: readonly StrapiApiToken[];
  /** Values of the core store, by key, without the layouts of Strapi's panel. */
  readonly settings: ReadonlyMap<string, unknown>;
  /** Rows of each type, by uid. */
  readonly rows: ReadonlyMap<string, number>;
  readonly assets: number;
  /** Left out links of media, by type and field: `api::post.post.cover`. */
  readonly mediaLinks: ReadonlyMap<string, number>;
  /** Links, or whole relations of a database, that are not as Strapi writes them, by type and field. */
  readonly unreadLinks: ReadonlyMap<string, number>;
}

export interface StrapiRole {
  readonly id: number;
  /** Strapi 4 has none. */
  readonly documentId: string | undefined;
  readonly name: string;
  readonly description: string | null;
  readonly type: string;
  /** Its actions in Strapi's words: `api::post.post.find`. */
  readonly actions: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A user: shapes are checked, and nothing else. */
export interface StrapiUser {
  readonly id: number;
  readonly documentId: string | undefined;
  readonly username: string;
  readonly email: string;
  readonly provider: string;
  /** The hash of the password, of whatever kind; null for none. */
  readonly passwordHash: string | null;
  /** Null is false. */
  readonly confirmed: boolean;
  readonly blocked: boolean;
  /** The id of the role; undefined for a user without one. */
  readonly role: number | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Columns that the project added to users and that hold something, by name. */
  readonly furtherColumns: readonly string[];
}

/** An API token: only databases have them. */
export interface StrapiApiToken {
  readonly id: number;
  readonly documentId: string | undefined;
  readonly name: string;
  readonly description: string | null;
  /** `admin` for one of Strapi's own administration; otherwise what it was made as: `read-only`, `full-access`, `custom`. */
  readonly type: string;
  /** Hexadecimal HMAC-SHA512 of the secret under API_TOKEN_SALT. */
  readonly accessKey: string;
  /** In milliseconds; null for a token that does not end. */
  readonly lifespan: number | null;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly actions: readonly string[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
