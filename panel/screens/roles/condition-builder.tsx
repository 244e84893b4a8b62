import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { useWords } from '../../words/words.ts';
import {
  type Node,
  newGroup,
  newId,
  newRow,
  readGroup,
  relationAs,
  replaced,
  rowOf,
  valueFor,
  writeCondition,
} from './condition.ts';
import { canonical } from './held.ts';
import type { RuleField, RuleType } from './use-directory.ts';
import { OperandInput } from './value-input.tsx';

interface Building {
  readonly types: readonly RuleType[];
  /** False for Public and for API tokens, for whom `$user` has no value. */
  readonly hasUser: boolean;
  readonly disabled: boolean;
  change(id: number, change: (node: Node) => Node | undefined): void;
}

/** Builds a condition from columns, operators and values, in groups. */
export function ConditionBuilder({
  label,
  types,
  type,
  value,
  onChange,
  hasUser,
  disabled,
}: {
  readonly label: string;
  readonly types: readonly RuleType[];
  readonly type: RuleType;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
  readonly hasUser: boolean;
  readonly disabled: boolean;
}): ReactNode {
  const [state, setState] = useState(() => ({ root: readGroup(types, type, value), text: canonical(value) }));
  let { root } = state;
  if (state.text !== canonical(value)) {
    // Changed elsewhere: in the JSON, or by "undo".
    root = readGroup(types, type, value);
    setState({ root, text: canonical(value) });
  }
  const building: Building = {
    types,
    hasUser,
    disabled,
    change(id, change) {
      const next = replaced(root, id, change) ?? { id: newId(), kind: 'group', join: 'object', of: [] };
      const json = writeCondition(next);
      setState({ root: next, text: canonical(json) });
      onChange(json);
    },
  };
  return <Group building={building} type={type} node={root} label={label} isRoot />;
}

interface PartProps<Kind extends Node['kind']> {
  readonly building: Building;
  readonly type: RuleType;
  readonly node: Extract<Node, { kind: Kind }>;
}

function Group({
  building,
  type,
  node,
  label,
  isRoot = false,
}: {
  readonly building: Building;
  readonly type: RuleType;
  readonly node: Node;
  readonly label: string;
  readonly isRoot?: boolean;
}): ReactNode {
  const { rules } = useWords();
  if (node.kind !== 'group') return <Part building={building} type={type} node={node} />;
  const { disabled, types, change } = building;
  const add = (one: Node) =>
    change(node.id, (group) => (group.kind === 'group' ? { ...group, of: [...group.of, one] } : group));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out like this in every browser
    <div className="rule-group" role="group" aria-label={label}>
      <div className="row">
        {(node.of.length > 1 || !isRoot) && (
          <Select
            aria-label={rules.joinOf(label)}
            disabled={disabled}
            value={node.join === 'or' ? 'or' : 'and'}
            options={[
              { value: 'and', label: rules.all },
              { value: 'or', label: rules.any },
            ]}
            onChange={(join) =>
              change(node.id, (group) =>
                group.kind === 'group' ? { ...group, join: join === 'or' ? 'or' : 'object' } : group,
              )
            }
          />
        )}
        {!isRoot && !disabled && (
          <IconButton small icon="close" label={rules.removeGroup} onClick={() => change(node.id, () => undefined)} />
        )}
      </div>
      {node.of.map((inner) => (
        <Part key={inner.id} building={building} type={type} node={inner} />
      ))}
      {!disabled && (
        <div className="row">
          <Button small icon="plus" onClick={() => add(newRow(types, type))}>
            {rules.addCondition}
          </Button>
          <Button small look="plain" onClick={() => add(newGroup(types, type, node.join === 'or' ? 'object' : 'or'))}>
            {rules.addGroup}
          </Button>
        </div>
      )}
    </div>
  );
}

function Part({ building, type, node }: Omit<PartProps<'group'>, 'node'> & { readonly node: Node }): ReactNode {
  const { rules } = useWords();
  switch (node.kind) {
    case 'group':
      return <Group building={building} type={type} node={node} label={rules.group} />;
    case 'not':
      return <Not building={building} type={type} node={node} />;
    case 'raw':
      return <Raw building={building} type={type} node={node} />;
    default:
      return <Row building={building} type={type} node={node} />;
  }
}

function Not({ building, type, node }: PartProps<'not'>): ReactNode {
  const { rules } = useWords();
  return (
    <div className="rule-not stack tight">
      <div className="row">
        <strong>{rules.not}</strong>
        {!building.disabled && (
          <Button small look="plain" onClick={() => building.change(node.id, () => ({ ...node.of }))}>
            {rules.removeNot}
          </Button>
        )}
      </div>
      <Group building={building} type={type} node={node.of} label={rules.not} />
    </div>
  );
}

function Raw({ building, node }: PartProps<'raw'>): ReactNode {
  const { rules } = useWords();
  return (
    <div className="row">
      <code className="breaks grow">
        {JSON.stringify(node.field === undefined ? node.json : { [node.field]: node.json })}
      </code>
      <span className="hint">{rules.raw}</span>
      {!building.disabled && (
        <IconButton
          small
          icon="close"
          label={rules.removeCondition(node.field ?? '')}
          onClick={() => building.change(node.id, () => undefined)}
        />
      )}
    </div>
  );
}

function Row({ building, type, node }: PartProps<'column' | 'related' | 'user' | 'unrelated'>): ReactNode {
  const { rules } = useWords();
  const { types, change, disabled, hasUser } = building;
  const field = type.fields.find(({ name }) => name === node.field);
  if (!field) return null; // such a row is read as raw
  const target = types.find(({ name }) => name === field.type);
  return (
    <div className="rule-row">
      <Select
        aria-label={rules.column}
        disabled={disabled}
        value={field.name}
        options={type.fields.map(({ name, kind, type: of }) => ({
          value: name,
          label: name,
          ...(kind === 'RELATION' && { hint: of }),
        }))}
        onChange={(name) => {
          const next = type.fields.find((one) => one.name === name);
          if (next) change(node.id, () => ({ ...rowOf(types, next), id: node.id }));
        }}
      />
      {node.kind === 'column' ? (
        <Column building={building} node={node} field={field} />
      ) : (
        <Select
          aria-label={rules.operatorOf(field.name)}
          disabled={disabled}
          value={node.kind}
          options={[
            ...(field.variables.includes('$user') && (hasUser || node.kind === 'user')
              ? [{ value: 'user' as const, label: field.many ? rules.includeUser : rules.isUser }]
              : []),
            { value: 'related' as const, label: field.many ? rules.includeOne : rules.matches },
            { value: 'unrelated' as const, label: field.many ? rules.thereAreNone : rules.thereIsNone },
          ]}
          onChange={(kind) => change(node.id, () => ({ ...relationAs(types, field, kind), id: node.id }))}
        />
      )}
      {!disabled && (
        <span className="row nowrap-row rule-acts">
          <Button
            small
            look="plain"
            aria-label={rules.negateOf(field.name)}
            onClick={() =>
              change(node.id, () => ({
                id: newId(),
                kind: 'not',
                of: { id: newId(), kind: 'group', join: 'object', of: [node] },
              }))
            }
          >
            {rules.negate}
          </Button>
          <IconButton
            small
            icon="close"
            label={rules.removeCondition(field.name)}
            onClick={() => change(node.id, () => undefined)}
          />
        </span>
      )}
      {node.kind === 'related' && target && (
        <div className="rule-nested">
          <Group building={building} type={target} node={node.of} label={field.name} isRoot />
        </div>
      )}
    </div>
  );
}

function Column({
  building: { change, disabled, hasUser },
  node,
  field,
}: {
  readonly building: Building;
  readonly node: Extract<Node, { kind: 'column' }>;
  readonly field: RuleField;
}): ReactNode {
  const { rules } = useWords();
  const known = field.operators.filter((operator) => operator !== 'not');
  const inWords = (operator: string) =>
    (field.type === 'DateTime' ? rules.timeOperators[operator] : undefined) ?? rules.operators[operator] ?? operator;
  const shown = hasUser ? field : { ...field, variables: field.variables.filter((name) => !name.startsWith('$user')) };
  return (
    <>
      <Select
        aria-label={rules.operatorOf(field.name)}
        disabled={disabled}
        value={node.operator}
        options={(known.includes(node.operator) ? known : [...known, node.operator]).map((operator) => ({
          value: operator,
          label: inWords(operator),
        }))}
        onChange={(operator) =>
          change(node.id, () => ({ ...node, operator, value: valueFor(field, operator, node.value) }))
        }
      />
      <OperandInput
        field={shown}
        operator={node.operator}
        label={rules.valueOf(field.name)}
        value={node.value}
        disabled={disabled}
        onChange={(value) => change(node.id, () => ({ ...node, value }))}
      />
    </>
  );
}
