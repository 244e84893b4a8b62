import { logOut } from './api.ts';
import { say } from './config.ts';
import { announce, button, el } from './dom.ts';
import { currentPage, go, hrefOf, type PageName } from './router.ts';

/** A link to another page of the account. */
export function link(name: PageName, text: string): HTMLAnchorElement {
  const made = el('a', { href: hrefOf(name), ...(currentPage() === name && { 'aria-current': 'page' }) }, text);
  made.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    announce('');
    go(name);
  });
  return made;
}

/** The pages of somebody who is logged in. */
export function navigation(): HTMLElement {
  const pages = [
    link('sessions', say('sessionsTitle')),
    link('passkeys', say('passkeysTitle')),
    link('factors', say('factorsTitle')),
  ];
  const leave = button(
    say('logOut'),
    async () => {
      await logOut();
      go('login');
      announce(say('loggedOut'));
    },
    { kind: 'plain' },
  );
  return el(
    'div',
    { class: 'account' },
    el('nav', { 'aria-label': say('account') }, el('ul', {}, ...pages.map((page) => el('li', {}, page)))),
    leave,
  );
}
