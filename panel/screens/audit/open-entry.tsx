import { type ReactNode, useEffect } from 'react';
import { goTo } from '../../ui/leave-guard.ts';
import { Loading } from '../../ui/notice.tsx';

/** The address of one entry: the list with that entry open, so that one can go on from it. */
export default function OpenEntry({ entry }: { readonly entry: string }): ReactNode {
  useEffect(() => {
    const query = new URLSearchParams(location.search);
    query.set('entry', entry);
    goTo(`/audit?${query}`, { replace: true });
  }, [entry]);
  return <Loading />;
}
