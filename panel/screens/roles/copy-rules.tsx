import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { say } from '../../ui/toasts.tsx';
import { useWords } from '../../words/words.ts';
import { copyRules, fitted, isOfAnother, useCopiedRules } from './copied-rules.ts';
import type { Holder } from './grant-editor.tsx';
import type { Grant } from './held.ts';
import type { RuleType } from './use-directory.ts';

/** Takes the rules along, to another action, role or token. */
export function CopyRules({
  action,
  holder,
  grants,
}: {
  readonly action: string;
  readonly holder: Holder;
  readonly grants: readonly Grant[];
}): ReactNode {
  const { rules } = useWords();
  return (
    <Button
      icon="copy"
      onClick={() => {
        copyRules({ grants, from: holder.name, action });
        say(rules.rulesCopied);
      }}
    >
      {rules.copyRules}
    </Button>
  );
}

/** Offers the rules that were copied elsewhere, and says what of them does not fit here. */
export function InsertRules({
  action,
  holder,
  types,
  type,
  onInsert,
}: {
  readonly action: string;
  readonly holder: Holder;
  readonly types: readonly RuleType[];
  readonly type: RuleType;
  readonly onInsert: (grants: readonly Grant[]) => void;
}): ReactNode {
  const { rules } = useWords();
  const copied = useCopiedRules();
  if (!copied || !isOfAnother(copied, holder.name, action)) return null;
  const hasUser = holder.kind === 'role';
  const { grants, without, missing } = fitted(copied.grants, { action, types, type, hasUser });
  return (
    <div className="stack tight">
      <span>
        <Button icon="copy" disabled={missing.length > 0} onClick={() => onInsert(grants)}>
          {rules.insertRules(copied.from, copied.action)}
        </Button>
      </span>
      {missing.length > 0 && <p className="small soft">{rules.rulesDoNotFit(missing.join(', '))}</p>}
      {missing.length === 0 && without.length > 0 && (
        <p className="small soft">{rules.rulesWithout(without.join(', '))}</p>
      )}
    </div>
  );
}
