import type { ReactNode } from 'react';
import { useData } from '../../api/hooks.ts';
import { PreviewPermissionsDocument } from '../../generated/graphql.ts';
import { FailureNotice } from '../../ui/notice.tsx';
import { useWords } from '../../words/words.ts';
import { PreviewLines } from './preview-lines.tsx';
import { useSettled } from './use-settled.ts';

/** What comes and goes with other included roles, in the words of the plan, before they are saved. */
export function IncludesPreview({
  role,
  includes,
}: {
  readonly role: string;
  readonly includes: readonly string[];
}): ReactNode {
  const { roles } = useWords();
  const settled = useSettled(JSON.stringify(includes));
  const { data, failure } = useData(PreviewPermissionsDocument, { role, includes: JSON.parse(settled) as string[] });
  const preview = data?.previewPermissions;
  return (
    <section className="stack tight" aria-label={roles.includesPreview}>
      <h3>{roles.includesPreview}</h3>
      <FailureNotice failure={failure} />
      {preview && <PreviewLines preview={preview} nothing={roles.includesPreviewNothing} />}
    </section>
  );
}
