import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { Empty } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';
import { useWords } from '../words/words.ts';

/** For an address without a screen, and for what a screen is about that is not there. */
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
