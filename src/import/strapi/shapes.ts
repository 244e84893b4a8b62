import type { StrapiData } from './source.ts';

export const isData = (value: unknown): value is StrapiData =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A name of a type: `api::post.post`, `plugin::users-permissions.user`, `shared.seo`. Short and plain enough to be printed. */
export const isUid = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 255 && /^[\w-]+(?:::[\w-]+)?(?:\.[\w-]+)*$/.test(value);

/** A name of an attribute: letters, digits, `_` and `-`. Short and plain enough to be printed. */
export const isFieldName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '__proto__' && /^[\w-]{1,128}$/.test(value);

/** Strapi's ids are 32-bit numbers of a sequence. */
export const isRowId = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 31;

/** How many rows each end of a link can have. */
export const isRelation = (value: unknown): value is string =>
  value === 'oneToOne' || value === 'oneToMany' || value === 'manyToOne' || value === 'manyToMany';
