import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { useWords } from '../../words/words.ts';
import type { Held } from './held.ts';
import { inWordsOf } from './in-words.ts';
import type { RoleDraft } from './use-role-draft.ts';

/** Somebody else changed the role: what is there now and what one changed, side by side. */
export function Conflicts({ draft }: { readonly draft: RoleDraft }): ReactNode {
  const { roles, common } = useWords();
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const inWords = (action: string, held: Held, isMine: boolean) =>
    typeof held === 'string'
      ? roles.held[held]
      : (inWordsOf(action, held, draft.role.grants, isMine) ?? roles.rules(held.length));
  const choose = (action: string, isTheirs: boolean) => {
    const next = new Set(theirs);
    isTheirs ? next.add(action) : next.delete(action);
    setTheirs(next);
  };
  return (
    <section className="save-bar" aria-label={roles.conflictTitle} role="alert">
      <div className="save-list stack tight">
        <h2>{roles.conflictTitle}</h2>
        <p>{roles.conflictAbout}</p>
        <div className="table-frame">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{roles.action}</th>
                <th scope="col">{roles.before}</th>
                <th scope="col">{roles.now}</th>
                <th scope="col">{roles.mine}</th>
              </tr>
            </thead>
            <tbody>
              {draft.conflicts.map(({ action, before, now, mine }) => (
                <tr key={action}>
                  <th scope="row">
                    <code>{action}</code>
                  </th>
                  <td>{typeof before === 'string' ? roles.held[before] : roles.rules(before.length)}</td>
                  <td>
                    {mine === undefined ? (
                      inWords(action, now, false)
                    ) : (
                      <Choice
                        name={action}
                        label={inWords(action, now, false)}
                        checked={theirs.has(action)}
                        onChoose={() => choose(action, true)}
                      />
                    )}
                  </td>
                  <td>
                    {mine === undefined ? (
                      <span className="soft">{roles.untouched}</span>
                    ) : (
                      <Choice
                        name={action}
                        label={inWords(action, mine, true)}
                        checked={!theirs.has(action)}
                        onChoose={() => choose(action, false)}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
      <div className="row apart">
        <span className="soft grow">{roles.nothingSaved}</span>
        <span className="row">
          <Button onClick={draft.discard}>{common.discard}</Button>
          <Button look="primary" onClick={() => draft.resolve(theirs)}>
            {roles.goOn}
          </Button>
        </span>
      </div>
    </section>
  );
}

function Choice({
  name,
  label,
  checked,
  onChoose,
}: {
  readonly name: string;
  readonly label: string;
  readonly checked: boolean;
  readonly onChoose: () => void;
}): ReactNode {
  return (
    <label className="row">
      <input type="radio" name={`conflict-${name}`} checked={checked} onChange={onChoose} />
      {label}
    </label>
  );
}
