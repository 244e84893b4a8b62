import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { FailureNotice, Loading } from '../ui/notice.tsx';
import { NotFound } from './not-found.tsx';

/** Every screen and its address. A screen is loaded when it is first opened; what its address names are its properties. */
const SCREENS = [
  screen('/', () => import('../screens/home/home.tsx')),
  screen('/audit', () => import('../screens/audit/audit.tsx')),
  screen('/audit/:entry', () => import('../screens/audit/open-entry.tsx')),
  screen('/roles', () => import('../screens/roles/roles.tsx')),
  screen('/roles/matrix', () => import('../screens/roles/roles-matrix.tsx')),
  screen('/roles/:role/:part?', () => import('../screens/roles/role.tsx')),
  screen('/account', () => import('../screens/account/account.tsx')),
  screen('/administrators', () => import('../screens/administrators/administrators.tsx')),
  screen('/users', () => import('../screens/users/users.tsx')),
  screen('/users/new', () => import('../screens/users/new-user.tsx')),
  screen('/users/invitations', () => import('../screens/users/invitations.tsx')),
  screen('/users/:user/:tab?', () => import('../screens/users/user.tsx')),
  screen('/content/:type', () => import('../screens/content/content.tsx')),
  screen('/content/:type/:documentId', () => import('../screens/content/document.tsx')),
  screen('/tokens', () => import('../screens/tokens/tokens.tsx')),
  screen('/tokens/:token/:part?', () => import('../screens/tokens/token.tsx')),
  screen('/mails', () => import('../screens/mails/mails.tsx')),
  screen('/mails/:purpose', () => import('../screens/mails/mail.tsx')),
  screen('/settings', () => import('../screens/settings/settings.tsx')),
];

function screen<Parameters extends object>(
  path: string,
  load: () => Promise<{ readonly default: (parameters: Parameters) => ReactNode }>,
) {
  return { path, Screen: lazy(load) as unknown as ComponentType<object> };
}

export function Screens(): ReactNode {
  const [location] = useLocation();
  return (
    <Faults location={location}>
      <Suspense fallback={<Loading />}>
        <Switch>
          {SCREENS.map(({ path, Screen }) => (
            <Route key={path} path={path}>
              {(parameters: object) => <Screen {...parameters} />}
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Faults>
  );
}

/** A fault of one screen leaves the others usable. */
class Faults extends Component<
  { readonly location: string; readonly children: ReactNode },
  { readonly failure: unknown; readonly location: string }
> {
  override state = { failure: undefined as unknown, location: this.props.location };

  static getDerivedStateFromError(failure: unknown) {
    return { failure: failure ?? new Error() };
  }

  /** Another address is another attempt. The screens themselves stay: one with several addresses keeps its state. */
  static getDerivedStateFromProps({ location }: { readonly location: string }, state: { readonly location: string }) {
    return location === state.location ? null : { failure: undefined, location };
  }

  override render(): ReactNode {
    return this.state.failure === undefined ? this.props.children : <FailureNotice failure={this.state.failure} />;
  }
}
