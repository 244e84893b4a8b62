/** The path of the panel as the browser sees it, without a `/` at its end: `/admin`, or `/auth/admin` behind a proxy. */
export const BASE = (
  document.querySelector<HTMLMetaElement>('meta[name=gatehouse-panel]')?.content ?? '/admin/'
).replace(/\/+$/, '');

/** Where the panel sends its operations. */
export const ENDPOINT = `${BASE}/graphql`;
