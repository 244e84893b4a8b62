import { config } from './config.ts';

/** A page of the account, by the end of its path. */
export type PageName = 'login' | 'register' | 'forgot-password' | 'sessions' | 'passkeys' | 'factors';

const NAMES: readonly string[] = ['login', 'register', 'forgot-password', 'sessions', 'passkeys', 'factors'];

let render: (name: PageName) => void = () => {};

/** Begins to show pages by the address, without loading them anew: a session that is in memory only would be lost. */
export function startRouter(show: (name: PageName) => void): void {
  render = show;
  addEventListener('popstate', () => render(currentPage()));
}

export function currentPage(): PageName {
  const name = location.pathname.replace(/\/+$/, '').split('/').at(-1) ?? '';
  return NAMES.includes(name) ? (name as PageName) : 'sessions'; // a member of the list
}

export function hrefOf(name: PageName): string {
  // Where a login returns to stays in the address on the way to another way in.
  const isEntry = name === 'login' || name === 'register' || name === 'forgot-password';
  return `${config.front}/account/${name}${isEntry ? location.search : ''}`;
}

export function go(name: PageName): void {
  history.pushState(null, '', hrefOf(name));
  render(name);
}

/** Shows the page of the address again. */
export function again(): void {
  render(currentPage());
}
