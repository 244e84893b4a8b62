import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { AuditLineFragment } from '../../generated/graphql.ts';
import { useWords } from '../../words/words.ts';
import { placeOf } from './places.ts';

/** Who did it, and the way to them. */
export function ActorName({ entry }: { readonly entry: AuditLineFragment }): ReactNode {
  const { audit } = useWords();
  const { actorKind, actorId, actorName } = entry;
  const kind = audit.actorKinds[actorKind];
  return <Named name={actorName} kind={kind} to={placeOf(actorKind, actorId, actorName)} />;
}

/** On whom or what, and the way to it. */
export function TargetName({ entry }: { readonly entry: AuditLineFragment }): ReactNode {
  const { audit } = useWords();
  const { targetKind, targetId, targetName } = entry;
  if (!targetKind) return null;
  const kind = audit.targetKinds[targetKind] ?? targetKind;
  return <Named name={targetName} kind={kind} to={placeOf(targetKind, targetId, targetName)} />;
}

function Named({
  name,
  kind,
  to,
}: {
  readonly name: string | null;
  readonly kind: string;
  readonly to: string | undefined;
}): ReactNode {
  const text = name ?? kind;
  return (
    <span className="stack named">
      {to ? (
        <Link to={to} className="breaks">
          {text}
        </Link>
      ) : (
        <span className="breaks">{text}</span>
      )}
      {name !== null && <span className="hint">{kind}</span>}
    </span>
  );
}
