import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { PreviewDocumentsDocument, PreviewGrantsDocument } from '../../generated/graphql.ts';
import { FailureNotice, Loading } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { type Pick, PickerField } from '../../ui/picker.tsx';
import { useWords } from '../../words/words.ts';
import { documentAddress } from '../content/document-address.ts';
import { sentGrants } from './changes.ts';
import type { Grant } from './held.ts';
import { findUsers } from './pick-roles.ts';
import type { RuleType } from './use-directory.ts';

/** What the grants let through, for nobody in particular or for one user: how many of how many, and the first of them. */
export function TryAs({
  action,
  type,
  grants,
  previewRole,
  hasUser,
}: {
  readonly action: string;
  readonly type: RuleType;
  /** Null: without restriction. They have been the same for a moment. */
  readonly grants: readonly Grant[] | null;
  readonly previewRole: string;
  readonly hasUser: boolean;
}): ReactNode {
  const { rules } = useWords();
  const [user, setUser] = useState<Pick | null>(null);
  const variables = {
    role: previewRole,
    action,
    grants: grants && sentGrants(grants),
    as: user?.id ?? null,
  };
  const counts = useData(PreviewGrantsDocument, variables);
  const documents = useData(PreviewDocumentsDocument, variables);
  const preview = counts.data?.previewGrants;
  const found = documents.data?.previewDocuments;
  return (
    <Section title={hasUser ? rules.tryTitle : rules.tryRows} about={hasUser ? rules.tryAbout : undefined}>
      {hasUser && <PickerField label={rules.tryUser} find={findUsers} value={user} onChange={setUser} />}
      <FailureNotice failure={counts.failure ?? documents.failure} />
      {!preview && !counts.failure && <Loading lines={2} />}
      {preview && (
        <div role="status" className="stack tight">
          {typeof preview.rows === 'number' && typeof preview.of === 'number' ? (
            <p>
              <strong>{rules.rowsOf(preview.rows, preview.of)}</strong>
            </p>
          ) : (
            <p className="soft">{preview.problems.length > 0 ? rules.tryMend : rules.tryUnknown(user !== null)}</p>
          )}
          {found && found.length > 0 && (
            <ul className="stack tight">
              {found.map(({ documentId, title }) => (
                <li key={documentId}>
                  <Link to={documentAddress(type.name, documentId)}>{title ?? documentId}</Link>
                </li>
              ))}
              {typeof preview.rows === 'number' && preview.rows > found.length && (
                <li className="soft">{rules.andOthers(preview.rows - found.length)}</li>
              )}
            </ul>
          )}
        </div>
      )}
    </Section>
  );
}
