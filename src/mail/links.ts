/**
 * A link to a page of a front end, with a parameter where that page reads it: in the query of the address, as Strapi's
 * front ends do; or, where a router has its route behind the `#` (`#/reset`, `#!/reset`), in the query of that route, since
 * such a router knows no other. Everything else of the address stays as it is.
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

/** The text before the first such mark, and the text behind it. */
function cutAt(mark: string, text: string): [before: string, behind: string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
