import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { Empty, FailureNotice, Loading } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useWords } from '../words/words.ts';

/** Every screen and its address. A screen is loaded when it is first opened; what its address names are its properties. */
const SCREENS = [
  screen('/', () => import('../screens/home/home.tsx')),
  screen('/audit', () => import('../screens/audit/audit.tsx')),
  screen('/audit/:entry', () => import('../screens/audit/open-entry.tsx')),
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
    <Faults key={location}>
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

export function NotFound(): ReactNode {
  const words = useWords();
  return (
    <Page title={words.failures.notFound}>
      <Empty title={words.failures.notFound} action={<Link to="/">{words.shell.home}</Link>}>
        {words.failures.notFoundAbout}
      </Empty>
    </Page>
  );
}

/** A fault of one screen leaves the others usable. */
class Faults extends Component<{ readonly children: ReactNode }, { readonly failure: unknown }> {
  override state = { failure: undefined as unknown };

  static getDerivedStateFromError(failure: unknown) {
    return { failure: failure ?? new Error() };
  }

  override render(): ReactNode {
    return this.state.failure === undefined ? this.props.children : <FailureNotice failure={this.state.failure} />;
  }
}
