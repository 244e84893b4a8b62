import { Tooltip } from '@base-ui/react/tooltip';
import { type ReactNode, useEffect, useSyncExternalStore } from 'react';
import { Provider } from 'urql';
import { Router } from 'wouter';
import { BASE } from '../api/base.ts';
import { client, renew } from '../api/client.ts';
import { session } from '../api/session.ts';
import { Entrance } from '../screens/entrance/entrance.tsx';
import { useGuardedLocation } from '../ui/leave-guard.ts';
import { Loading } from '../ui/notice.tsx';
import { Toasts } from '../ui/toasts.tsx';
import { Dialogs } from './dialogs.tsx';
import { PreferencesProvider } from './preferences.tsx';
import { Screens } from './screens.tsx';
import { Shell } from './shell.tsx';

export function App(): ReactNode {
  return (
    <Provider value={client}>
      <Router base={BASE} hook={useGuardedLocation as never}>
        <Tooltip.Provider>
          <Toasts>
            <Gate />
          </Toasts>
        </Tooltip.Provider>
      </Router>
    </Provider>
  );
}

/** Whether somebody is logged in decides what there is to see. */
function Gate(): ReactNode {
  const { kind } = useSyncExternalStore(session.subscribe, session.get);
  useEffect(() => {
    if (session.get().kind === 'unknown') void renew();
  }, []);
  if (kind === 'unknown') {
    return (
      <main className="entrance">
        <Loading lines={3} />
      </main>
    );
  }
  if (kind === 'closed') return <Entrance />;
  return (
    <PreferencesProvider>
      <Shell>
        <Screens />
      </Shell>
      <Dialogs />
    </PreferencesProvider>
  );
}
