import type { ReactNode } from 'react';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';

export default function Home(): ReactNode {
  const words = useWords();
  return <Page title={words.shell.home}>{null}</Page>;
}
