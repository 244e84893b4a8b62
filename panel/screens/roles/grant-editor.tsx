import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { useData } from '../../api/hooks.ts';
import { PreviewGrantsDocument } from '../../generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Coded } from '../../ui/coded.tsx';
import { Checkbox } from '../../ui/field.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { useWords } from '../../words/words.ts';
import { sentGrants } from './changes.ts';
import { newRow, writeCondition } from './condition.ts';
import { CopyRules, InsertRules } from './copy-rules.tsx';
import { CopyToRoles } from './copy-to-roles.tsx';
import type { Editing } from './editing.ts';
import { GrantCard, type GrantFault } from './grant-card.tsx';
import { type Grant, type Held, heldIn, isSameHeld, partsOf, verbOf } from './held.ts';
import { holdersOf, includedIn, inheritedOf } from './holders.ts';
import { holdersInWords } from './holders-tip.tsx';
import { keepInWords } from './in-words.ts';
import { JsonEditor } from './json-editor.tsx';
import { actionsIn, type MatrixAction } from './matrix-rows.ts';
import { fieldsFor, type Preset, presetsFor } from './presets.ts';
import { useLeftFor } from './returned-focus.ts';
import { TryAs } from './try-as.tsx';
import { type RuleType, useDirectory, useMatrixRows, useRuleTypes } from './use-directory.ts';
import { useSettled } from './use-settled.ts';

export interface Holder {
  readonly kind: 'public' | 'role' | 'token';
  readonly documentId: string;
  readonly name: string;
}

interface EditorProps {
  readonly action: string;
  readonly holder: Holder;
  /** The role that grants are tried with: for a token, one that has no user either. */
  readonly previewRole: string;
  readonly editing: Editing;
  /** The address of the matrix. */
  readonly back: string;
}

/** What a role or a token is allowed of one action: nothing, everything, or the rows and columns of its rules. */
export function GrantEditor(props: EditorProps): ReactNode {
  const { action, back, holder } = props;
  useLeftFor(back, action);
  const words = useWords();
  const { rows, failure } = useMatrixRows();
  const rules = useRuleTypes();
  const known = useMemo(
    () => (rows ? actionsIn(rows).find((one) => one.action === action) : undefined),
    [rows, action],
  );
  // Who is no user has no value for $user, and an API token none for $roles.
  const types = useMemo(
    () =>
      (rules.types ?? []).map((type) => ({
        ...type,
        fields: type.fields.map((field) => ({
          ...field,
          variables: field.variables.filter(
            (name) =>
              holder.kind === 'role' || !(name.startsWith('$user') || (holder.kind === 'token' && name === '$roles')),
          ),
        })),
      })),
    [rules.types, holder.kind],
  );
  const way = (
    <p>
      <Link to={back} className="row nowrap-row">
        <Icon name="left" size={16} />
        {words.rules.back}
      </Link>
    </p>
  );
  if (failure || rules.failure) return <FailureNotice failure={failure ?? rules.failure} />;
  if (!rows || !rules.types) return <Loading />;
  if (!known) return <Empty title={words.rules.noSuchAction} action={way} />;
  const actions = new Set(actionsIn(rows).map((one) => one.action));
  return (
    <div className="stack">
      {way}
      <Known
        {...props}
        known={known}
        types={types}
        type={types.find(({ name }) => name === rules.typeOf(action)?.name)}
        twin={twinOf(action, actions)}
      />
    </div>
  );
}

/** `find` and `findOne` are two doors to the same rows. */
function twinOf(action: string, actions: ReadonlySet<string>): string | undefined {
  const [type, verb] = partsOf(action);
  const twin = verb === 'find' ? `${type}.findOne` : verb === 'findOne' ? `${type}.find` : undefined;
  return twin && actions.has(twin) ? twin : undefined;
}

function Known({
  action,
  holder,
  previewRole,
  editing,
  known,
  types,
  type,
  twin,
}: EditorProps & {
  readonly known: MatrixAction;
  readonly types: readonly RuleType[];
  /** Undefined for an action that takes no rules. */
  readonly type: RuleType | undefined;
  readonly twin: string | undefined;
}): ReactNode {
  const words = useWords();
  const { rules, roles, common } = words;
  const held = editing.held(action);
  const [isLinked, setLinked] = useState(() => twin !== undefined && isSameHeld(held, editing.held(twin)));
  const grants = typeof held === 'string' ? undefined : held;
  // What was there before "everything" or "nothing" comes back with "only by rules".
  const [kept, setKept] = useState<readonly Grant[]>();
  const change = (next: Held) => {
    if (typeof held !== 'string') setKept(held);
    editing.set([[action, next], ...(twin && isLinked ? [[twin, next] as const] : [])]);
  };
  const kind = typeof held === 'string' ? held : 'rules';
  const disabled = !editing.mayChange;
  const copied = twin && isLinked ? [action, twin] : [action];
  return (
    <>
      <Section
        title={known.label}
        about={
          <>
            <code>{action}</code> <Coded text={known.description} />
          </>
        }
      >
        {disabled && <p className="soft">{common.readOnly}</p>}
        <fieldset className="stack tight">
          <legend className="label">{rules.mayUse(holder.name)}</legend>
          {(['none', 'all', ...(type ? (['rules'] as const) : [])] as const).map((one) => (
            <label key={one} className="check">
              <input
                type="radio"
                name="held"
                checked={kind === one}
                disabled={disabled}
                onChange={() => {
                  if (one !== 'rules') return change(one);
                  const base = heldIn(editing.base, action);
                  change(kept ?? (typeof base === 'string' ? [firstGrant(types, type, action, holder)] : base));
                }}
              />
              <span>
                {rules.kinds[one]}
                <span className="hint block">{rules.kindsAbout[one]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {!type && <p className="soft">{rules.takesNoRules}</p>}
        {twin && (
          <Checkbox
            label={rules.linked(twin)}
            hint={rules.linkedHint}
            checked={isLinked}
            disabled={disabled}
            onChange={(on) => {
              setLinked(on);
              if (on) editing.set([[twin, held]]);
            }}
          />
        )}
        {type && !disabled && (
          <InsertRules action={action} holder={holder} types={types} type={type} onInsert={change} />
        )}
        {!disabled && holder.kind !== 'token' && (
          <CopyToRoles
            source={{ documentId: holder.documentId, name: holder.name, held: editing.base, actions: copied }}
            isUnsaved={copied.some((one) => editing.draft.has(one))}
          />
        )}
        <Others holder={holder} action={known} />
      </Section>
      {grants && type && (
        <Rules
          action={action}
          holder={holder}
          previewRole={previewRole}
          types={types}
          type={type}
          grants={grants}
          disabled={disabled}
          onChange={change}
        />
      )}
      {!grants && type && held === 'all' && verbOf(action) !== 'create' && (
        <TryAs action={action} type={type} grants={null} previewRole={previewRole} hasUser={false} />
      )}
      {held === 'none' && <p className="soft">{roles.deniedByDefault}</p>}
    </>
  );
}

/** What somebody begins with who wants a rule: their own documents where there is an owner, else the first column. */
function firstGrant(types: readonly RuleType[], type: RuleType | undefined, action: string, holder: Holder): Grant {
  if (!type) return {};
  const [own] = presetsFor(type, action, holder.kind === 'role');
  if (own?.kind === 'own') return own.grant;
  return verbOf(action) === 'create'
    ? { fields: fieldsFor(type, action) }
    : { where: writeCondition(newRow(types, type)) };
}

function Others({ holder, action }: { readonly holder: Holder; readonly action: MatrixAction }): ReactNode {
  const words = useWords();
  const { directory } = useDirectory();
  if (!directory) return null;
  const role = directory.roles.find(({ documentId }) => documentId === holder.documentId);
  const included = role
    ? includedIn(
        directory.roles,
        role.includes.map(({ documentId }) => documentId),
      )
    : [];
  const inherited = inheritedOf(included, action.action);
  return (
    <div className="small soft">
      {inherited && (
        <p>
          {inherited.held === 'all'
            ? words.rules.inheritedAll(inherited.from.join(', '))
            : words.rules.inheritedRules(inherited.from.join(', '))}
        </p>
      )}
      {holdersInWords(holdersOf(directory, action.action, action.writes, holder.documentId), words).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  );
}

function Rules({
  action,
  holder,
  previewRole,
  types,
  type,
  grants,
  disabled,
  onChange,
}: {
  readonly action: string;
  readonly holder: Holder;
  readonly previewRole: string;
  readonly types: readonly RuleType[];
  readonly type: RuleType;
  readonly grants: readonly Grant[];
  readonly disabled: boolean;
  readonly onChange: (grants: readonly Grant[]) => void;
}): ReactNode {
  const { rules } = useWords();
  const hasUser = holder.kind === 'role';
  const text = JSON.stringify(grants);
  const settled = useSettled(text);
  const tried = useMemo(() => JSON.parse(settled) as Grant[], [settled]);
  const { data, failure } = useData(PreviewGrantsDocument, {
    role: previewRole,
    action,
    grants: sentGrants(tried),
    as: null,
  });
  const preview = data?.previewGrants;
  if (preview && settled === text) keepInWords(action, grants, preview.inWords);
  const faults = (preview?.problems ?? []).map(faultOf);
  const presets = presetsFor(type, action, hasUser);
  return (
    <>
      <div className="grant-editor">
        <div className="stack grow">
          <h2>{rules.rules}</h2>
          <p className="soft">{rules.rulesAbout}</p>
          <FailureNotice failure={failure} />
          {faults
            .filter(({ index }) => index === undefined || index >= grants.length)
            .map(({ path, message }) => (
              <Notice key={`${path} ${message}`} kind="bad">
                {message}
              </Notice>
            ))}
          {grants.map((grant, index) => (
            <GrantCard
              // biome-ignore lint/suspicious/noArrayIndexKey: a rule is its place in the list
              key={index}
              title={rules.nthRule(index + 1)}
              action={action}
              types={types}
              type={type}
              grant={grant}
              previewRole={previewRole}
              hasUser={hasUser}
              disabled={disabled}
              faults={faults.filter((fault) => fault.index === index)}
              onChange={(next) => onChange(grants.map((one, place) => (place === index ? next : one)))}
              onRemove={() => onChange(grants.filter((_, place) => place !== index))}
              onCopy={() => onChange([...grants.slice(0, index + 1), grant, ...grants.slice(index + 1)])}
            />
          ))}
          {!disabled && (
            <div className="row">
              <Button icon="plus" onClick={() => onChange([...grants, firstGrant(types, type, action, holder)])}>
                {rules.addRule}
              </Button>
              {presets.length > 0 && (
                <Menu
                  label={rules.presets}
                  trigger={<Button>{rules.presets}</Button>}
                  entries={presets.map((preset) => ({
                    label: presetInWords(preset, rules),
                    run: () => onChange([...grants, preset.grant]),
                  }))}
                />
              )}
              {grants.length > 0 && <CopyRules action={action} holder={holder} grants={grants} />}
            </div>
          )}
          {preview?.warnings.map((warning) => (
            <Notice key={warning} kind="warn">
              {warning}
            </Notice>
          ))}
          {preview && preview.indexesMissing.length > 0 && (
            <Notice kind="warn">{rules.indexesMissing(preview.indexesMissing.join(', '))}</Notice>
          )}
        </div>
        <div className="stack grant-aside">
          <JsonEditor grants={grants} onChange={onChange} disabled={disabled} />
          {verbOf(action) !== 'create' && grants.length > 0 && (
            <TryAs action={action} type={type} grants={tried} previewRole={previewRole} hasUser={hasUser} />
          )}
        </div>
      </div>
    </>
  );
}

/** `grants.0.where.owner: …` */
function faultOf(problem: string): GrantFault & { readonly index: number | undefined } {
  const [, index, path = '', message = problem] = /^grants(?:\.(\d+))?(?:\.(.*?))?: (.*)$/s.exec(problem) ?? [];
  return { index: index === undefined ? undefined : Number(index), path, message };
}

function presetInWords(preset: Preset, rules: ReturnType<typeof useWords>['rules']): string {
  switch (preset.kind) {
    case 'own':
      return preset.grant.set ? rules.stampOwn(preset.field) : rules.ownRows(preset.field);
    case 'is':
      return rules.onlyWhere(preset.field, preset.value);
    case 'past':
      return rules.onlyPast(preset.field);
    case 'without':
      return rules.withoutColumn(preset.field);
  }
}
