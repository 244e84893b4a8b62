import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import { Provider } from 'urql';
import { Router, useLocation } from 'wouter';
import { BASE } from '../api/base.ts';
import { client } from '../api/client.ts';
import { guest } from '../api/guest.ts';
import { renew } from '../api/renewal.ts';
import { session } from '../api/session.ts';
import { Entrance } from '../screens/entrance/entrance.tsx';
import { ImpersonationBanner } from '../screens/users/impersonations.tsx';
import { Button } from '../ui/button.tsx';
import { useGuardedLocation } from '../ui/leave-guard.ts';
import { FailureNotice, Loading } from '../ui/notice.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { useWords } from '../words/words.ts';
import { Dialogs } from './dialogs.tsx';
import { PreferencesProvider } from './preferences.tsx';
import { Screens } from './screens.tsx';
import { Shell } from './shell.tsx';

export function App(): ReactNode {
  return (
    // The policy of the page allows no inline styles, which some components would add for their scroll bars.
    <CSPProvider disableStyleElements>
      <Provider value={client}>
        <Router base={BASE} hook={useGuardedLocation as never}>
          <Tooltip.Provider>
            <Toasts>
              <Gate />
            </Toasts>
          </Tooltip.Provider>
        </Router>
      </Provider>
    </CSPProvider>
  );
}

/** Whether somebody is logged in decides what there is to see. */
function Gate(): ReactNode {
  const state = useSyncExternalStore(session.subscribe, session.get);
  const { kind } = state;
  const wasUsed = useRef(false);
  const [location, navigate] = useLocation();
  useEffect(() => {
    if (session.get().kind === 'unknown') void renew();
  }, []);
  useEffect(() => {
    if (kind === 'open') wasUsed.current = true;
    // All that was answered is forgotten. The screens, and what guards their forms, are gone by now.
    if (kind === 'closed' && wasUsed.current) window.location.reload();
  }, [kind]);
  const isOpen = kind === 'open' || kind === 'ended';
  const isEntrance = ENTRANCE.includes(location);
  useEffect(() => {
    if (isOpen && isEntrance) navigate('/', { replace: true });
  }, [isOpen, isEntrance, navigate]);
  if (state.kind === 'unknown' || (kind === 'closed' && wasUsed.current)) {
    return <Waiting failure={state.kind === 'unknown' ? state.failure : undefined} />;
  }
  if (!isOpen) {
    return (
      <Provider value={guest}>
        <Entrance />
      </Provider>
    );
  }
  return (
    <PreferencesProvider>
      <Shell>
        <ImpersonationBanner />
        {!isEntrance && <Screens />}
      </Shell>
      <Dialogs />
    </PreferencesProvider>
  );
}

/** Addresses that are only of use to somebody who is not logged in. */
const ENTRANCE = ['/welcome', '/forgot-password'];

/** Before it is known whether somebody is logged in. */
function Waiting({ failure }: { readonly failure: unknown }): ReactNode {
  const { common } = useWords();
  return (
    <main className="entrance">
      {failure === undefined ? (
        <Loading lines={3} />
      ) : (
        <div className="entrance-card stack">
          <FailureNotice failure={failure} />
          <Button icon="refresh" onClick={() => void renew()}>
            {common.retry}
          </Button>
        </div>
      )}
    </main>
  );
}
