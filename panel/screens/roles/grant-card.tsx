import { type ReactNode, useId } from 'react';
import { useData } from '../../api/hooks.ts';
import { PreviewGrantsDocument } from '../../generated/graphql.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Checkbox, FaultText, Switch } from '../../ui/field.tsx';
import { useWords } from '../../words/words.ts';
import { sentGrants } from './changes.ts';
import { newRow, writeCondition } from './condition.ts';
import { ConditionBuilder } from './condition-builder.tsx';
import { type Grant, verbOf } from './held.ts';
import { keepInWords } from './in-words.ts';
import { fieldsFor } from './presets.ts';
import { SetEditor } from './set-editor.tsx';
import type { RuleType } from './use-directory.ts';
import { useSettled } from './use-settled.ts';

/** What is wrong with one grant, and where in it: `where.owner`. */
export interface GrantFault {
  readonly path: string;
  readonly message: string;
}

/** One grant: what it says as a sentence, which rows, which columns, what is set, and what has to be true afterwards. */
export function GrantCard({
  title,
  action,
  types,
  type,
  grant,
  onChange,
  onRemove,
  onCopy,
  faults,
  previewRole,
  hasUser,
  disabled,
}: {
  readonly title: string;
  readonly action: string;
  readonly types: readonly RuleType[];
  readonly type: RuleType;
  readonly grant: Grant;
  readonly onChange: (grant: Grant) => void;
  readonly onRemove: () => void;
  readonly onCopy: () => void;
  readonly faults: readonly GrantFault[];
  readonly previewRole: string;
  readonly hasUser: boolean;
  readonly disabled: boolean;
}): ReactNode {
  const { rules, common } = useWords();
  const verb = verbOf(action);
  const settled = useSettled(JSON.stringify(sentGrants([grant])));
  const { data } = useData(PreviewGrantsDocument, {
    role: previewRole,
    action,
    grants: JSON.parse(settled) as ReturnType<typeof sentGrants>,
    as: null,
  });
  const inWords = data?.previewGrants?.inWords;
  if (inWords && settled === JSON.stringify(sentGrants([grant]))) keepInWords(action, [grant], inWords);
  const isWrite = verb === 'create' || verb === 'update';
  const columns = fieldsFor(type, action);
  const without = (key: keyof Grant): Grant => {
    const { [key]: _dropped, ...rest } = grant;
    return rest;
  };
  const condition = (key: 'where' | 'check', label: string) => (
    <ConditionBuilder
      label={label}
      types={types}
      type={type}
      value={grant[key]}
      onChange={(value) => onChange({ ...grant, [key]: value })}
      hasUser={hasUser}
      disabled={disabled}
    />
  );
  const first = () => writeCondition(newRow(types, type));
  const of = (...keys: readonly string[]) =>
    faults.filter(({ path }) => keys.some((key) => path === key || path.startsWith(`${key}.`)));
  const elsewhere = faults.filter(({ path }) => !/^(where|fields|set|check)\b/.test(path));
  return (
    <section className="card stack grant-card" aria-label={title}>
      <div className="row apart">
        <div className="grow">
          <h3>{title}</h3>
          <p className="breaks" role="status">
            {inWords ?? common.loading}
          </p>
        </div>
        {!disabled && (
          <span className="row nowrap-row">
            <IconButton small icon="copy" label={rules.copyRule(title)} onClick={onCopy} />
            <IconButton small icon="trash" label={common.remove(title)} onClick={onRemove} />
          </span>
        )}
      </div>
      <Faults faults={elsewhere} />
      {verb !== 'create' && (
        <Part title={rules.where}>
          <Switch
            label={rules.everyRow}
            checked={grant.where === undefined}
            disabled={disabled}
            onChange={(all) => onChange(all ? without('where') : { ...grant, where: first() })}
          />
          {grant.where !== undefined && condition('where', rules.where)}
          <Faults faults={of('where')} />
        </Part>
      )}
      {verb !== 'delete' && (
        <Part title={verb?.startsWith('find') ? rules.fieldsRead : rules.fieldsWritten}>
          <Switch
            label={rules.allColumns}
            checked={grant.fields === undefined}
            disabled={disabled}
            onChange={(all) =>
              onChange(
                all
                  ? without('fields')
                  : { ...grant, fields: columns.filter((name) => !Object.hasOwn(Object(grant.set), name)) },
              )
            }
          />
          {grant.fields !== undefined && (
            <div className="rule-columns">
              {[...new Set([...columns, ...grant.fields])].map((name) => (
                <Checkbox
                  key={name}
                  label={name}
                  hint={columns.includes(name) ? undefined : rules.noSuchColumn}
                  checked={grant.fields?.includes(name) ?? false}
                  disabled={disabled}
                  onChange={(on) => {
                    const chosen = new Set(grant.fields);
                    on ? chosen.add(name) : chosen.delete(name);
                    onChange({ ...grant, fields: [...chosen] });
                  }}
                />
              ))}
            </div>
          )}
          <Faults faults={of('fields')} />
        </Part>
      )}
      {isWrite && (
        <Part title={rules.set} about={rules.setAbout}>
          <SetEditor
            type={type}
            value={grant.set}
            hasUser={hasUser}
            disabled={disabled}
            onChange={(set) => onChange(set === undefined ? without('set') : { ...grant, set })}
          />
          <Faults faults={of('set')} />
        </Part>
      )}
      {isWrite && (
        <Part title={rules.check}>
          <Switch
            label={verb === 'update' ? rules.sameCheck : rules.noCheck}
            checked={grant.check === undefined}
            disabled={disabled}
            onChange={(same) => onChange(same ? without('check') : { ...grant, check: grant.where ?? first() })}
          />
          {grant.check !== undefined && condition('check', rules.check)}
          <Faults faults={of('check')} />
        </Part>
      )}
    </section>
  );
}

function Part({
  title,
  about,
  children,
}: {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}): ReactNode {
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: the same as for groups of conditions
    <div className="stack tight rule-part" role="group" aria-labelledby={id}>
      <h4 id={id} className="label">
        {title}
      </h4>
      {about && <p className="hint">{about}</p>}
      {children}
    </div>
  );
}

function Faults({ faults }: { readonly faults: readonly GrantFault[] }): ReactNode {
  return faults.map(({ path, message }) => (
    <FaultText key={`${path} ${message}`} text={path ? `${path}: ${message}` : message} />
  ));
}

/** The way to another grant. */
export function AddButton({ label, onClick }: { readonly label: string; readonly onClick: () => void }): ReactNode {
  return (
    <Button small icon="plus" onClick={onClick}>
      {label}
    </Button>
  );
}
