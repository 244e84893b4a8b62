import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { useMayChange } from '../../api/hooks.ts';
import { useSearch } from '../../ui/leave-guard.ts';
import { Empty, FailureNotice, Loading } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { useContentType } from './content-data.ts';
import { Editor } from './editor.tsx';
import { ContentList } from './list.tsx';
import { ContentListAsUser } from './list-as-user.tsx';

/** The documents of a content type: a table, or of a single type its document. With `?as=`, what a user sees. */
export default function Content({ type: name }: { readonly type: string }): ReactNode {
  const { type, types, failure } = useContentType(name);
  const mayChange = useMayChange();
  const as = new URLSearchParams(useSearch()).get('as');
  if (!types) return failure === undefined ? <Loading /> : <FailureNotice failure={failure} />;
  if (!type) return <NoType />;
  if (as !== null && mayChange && type.many) {
    return <ContentListAsUser key={`${name} ${as}`} type={type} types={types} user={as} />;
  }
  return type.isSingle ? (
    <Editor key={name} type={type} types={types} documentId={undefined} />
  ) : (
    <ContentList key={name} type={type} types={types} />
  );
}

export function NoType(): ReactNode {
  const { content, shell } = useWords();
  return (
    <Page title={content.noType}>
      <Empty title={content.noType} action={<Link to="/">{shell.home}</Link>}>
        {content.noTypeAbout}
      </Empty>
    </Page>
  );
}
