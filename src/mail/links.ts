/**
 * Adds a parameter to the URL of a front-end page: to the query, as Strapi's front ends expect; or, for a hash router
 * (`#/reset`, `#!/reset`), to the query of the route, the only one that such a router reads.
 */
export function withParameter(page: string, name: string, value: string): string {
  return added(new URL(page).href, name, value);
}

function added(address: string, name: string, value: string): string {
  const [before, fragment] = cutAt('#', address);
  if (/^!?\//.test(fragment)) return `${before}#${added(fragment, name, value)}`;
  const [path, query] = cutAt('?', before);
  const others = query.split('&').filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name));
  const parameters = [...others, `${name}=${encodeURIComponent(value)}`].join('&');
  return `${path}?${parameters}${fragment && `#${fragment}`}`;
}

/** Splits a text at the first mark. */
function cutAt(mark: string, text: string): [before: string, behind: string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
