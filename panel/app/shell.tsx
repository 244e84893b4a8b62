import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import icon from '../icon.svg';
import { Button, IconButton } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { useShortcut } from '../ui/shortcut.ts';
import { useWords } from '../words/words.ts';
import { AccountMenu } from './account-menu.tsx';
import { useContentDestinations } from './content-destinations.ts';
import { navigation } from './navigation.ts';
import { Palette } from './palette.tsx';
import { usePreferences } from './preferences.tsx';

/** What is around every screen: the way to the others, the palette, the account. */
export function Shell({ children }: { readonly children: ReactNode }): ReactNode {
  const words = useWords();
  const [location] = useLocation();
  const [isNavigationOpen, setNavigationOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useShortcut('mod+k', () => setPaletteOpen(true));
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of the address that counts
  useEffect(() => {
    setNavigationOpen(false);
    // Who hears the page is told that there is another screen.
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [location]);
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.shell.skip}
      </a>
      <header className="topbar">
        <span className="nav-button">
          <IconButton label={words.shell.openNavigation} icon="menu" onClick={() => setNavigationOpen(true)} />
        </span>
        <Link to="/" className="brand">
          <Mark />
          Gatehouse
        </Link>
        <span className="grow" />
        <Button icon="search" small onClick={() => setPaletteOpen(true)} aria-label={`${words.shell.palette} Ctrl K`}>
          <span className="hide-narrow">{words.shell.palette}</span> <kbd className="hide-narrow">Ctrl K</kbd>
        </Button>
        <AccountMenu />
      </header>
      <nav className="nav" aria-label={words.shell.navigation}>
        <Navigation />
      </nav>
      <Dialog
        open={isNavigationOpen}
        onClose={() => setNavigationOpen(false)}
        title={words.shell.navigation}
        shape="drawer start"
      >
        <nav aria-label={words.shell.navigation}>
          <Navigation />
        </nav>
      </Dialog>
      <main className="main" id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Palette open={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
    </div>
  );
}

function Navigation(): ReactNode {
  const words = useWords();
  const [location] = useLocation();
  const content = useContentDestinations();
  const { folded, set } = usePreferences();
  return navigation(words, content).map(({ id, title, entries }) => {
    const isFolded = folded.includes(id);
    return (
      <div className="nav-group" key={id}>
        {title && (
          <h2 className="nav-title">
            <button
              type="button"
              aria-expanded={!isFolded}
              onClick={() => set({ folded: isFolded ? folded.filter((one) => one !== id) : [...folded, id] })}
            >
              {title}
              <Icon name={isFolded ? 'right' : 'down'} size={14} />
            </button>
          </h2>
        )}
        <ul hidden={isFolded && title !== undefined}>
          {entries.map(({ title: name, to, icon }) => (
            <li key={to}>
              <Link to={to} className="nav-link" aria-current={isWithin(location, to) ? 'page' : undefined}>
                <Icon name={icon} />
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    );
  });
}

function isWithin(location: string, to: string): boolean {
  return to === '/' ? location === '/' : location === to || location.startsWith(`${to}/`);
}

function Mark(): ReactNode {
  return <img src={icon} alt="" width={24} height={24} />;
}
