import { memo, type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { BASE } from '../../api/base.ts';
import { classNames } from '../../ui/class-names.ts';
import { Coded } from '../../ui/coded.tsx';
import { Icon } from '../../ui/icons.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { useWords, type Words } from '../../words/words.ts';
import { heldWith } from './changes.ts';
import { Chunks } from './chunks.tsx';
import type { Editing } from './editing.ts';
import { type Held, heldIn, VERBS, type Verb } from './held.ts';
import type { Holders, Inherited } from './holders.ts';
import { HoldersTip, type Pointed } from './holders-tip.tsx';
import { actionsIn, type MatrixAction, type MatrixRow } from './matrix-rows.ts';

interface MatrixProps {
  readonly rows: readonly MatrixRow[];
  readonly editing: Editing;
  readonly inherited: ReadonlyMap<string, Inherited>;
  /** Who has an action beside the one that is edited; undefined before it is known. */
  readonly holders: (action: MatrixAction) => Holders | undefined;
  /** The rules of an action in words. */
  readonly inWords: (action: string) => string | undefined;
  /** The address below which each action has its editor: `/roles/x`. */
  readonly here: string;
  /** The types whose other actions are hidden. */
  readonly folded: ReadonlySet<string>;
  readonly onFold: (type: string) => void;
}

/** Types × verbs, each cell held not at all, wholly, or by rules; the other actions of a type below it. */
export function Matrix(props: MatrixProps): ReactNode {
  const { rows, editing, inherited, inWords, holders, here, folded } = props;
  const words = useWords();
  const { roles } = words;
  // Kept apart: pointing at a cell must not draw the matrix again.
  const point = useRef<(pointed: Pointed | undefined) => void>(() => {});
  const latest = useRef(props);
  latest.current = props;
  // Rules that were taken away come back when the cell is ticked again.
  const taken = useRef(new Map<string, Held>());
  const toggle = useCallback((action: string) => {
    const { editing } = latest.current;
    const held = editing.held(action);
    if (held !== 'none') {
      if (held !== 'all') taken.current.set(action, held);
      editing.set([[action, 'none']]);
      return;
    }
    const before = heldIn(editing.base, action);
    editing.set([[action, taken.current.get(action) ?? (before === 'none' ? 'all' : before)]]);
  }, []);
  const setAll = useCallback((actions: readonly MatrixAction[]) => {
    const { editing, inherited } = latest.current;
    const free = actions.filter(({ action }) => inherited.get(action)?.held !== 'all');
    const wanted = free.some(({ action }) => editing.held(action) === 'none') ? 'all' : 'none';
    editing.set(
      free.flatMap(({ action }) => {
        const held = editing.held(action);
        // Rules stay rules: one click must not open what was restricted.
        return wanted === 'all' && held !== 'none' ? [] : [[action, wanted] as const];
      }),
    );
  }, []);
  const acts = useMemo<Acts>(
    () => ({
      toggle,
      setAll,
      fold: (type) => latest.current.onFold(type),
      point: (action, element) => point.current(action && { action, element }),
    }),
    [toggle, setAll],
  );
  const { base, draft } = editing;
  const states = useMemo(() => {
    const known = new Map<string, CellState>();
    for (const { action } of actionsIn(rows)) {
      const held = heldWith(base, draft, action);
      const from = inherited.get(action);
      known.set(action, {
        kind: held === 'none' || held === 'all' ? held : 'rules',
        words: held === 'none' || held === 'all' ? undefined : (inWords(action) ?? roles.rules(held.length)),
        inherited: from && { all: from.held === 'all', from: from.from.join(', ') },
        isChanged: draft.has(action),
      });
    }
    return known;
  }, [rows, base, draft, inherited, inWords, roles]);
  const stateOf = ({ action }: MatrixAction) => states.get(action) as CellState; // of the same rows
  const columns = VERBS.map((verb) => ({
    verb,
    actions: rows.flatMap(({ cells }) => cells.get(verb) ?? []),
  }));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus, for the arrow keys */}
      <section className="matrix-frame" aria-label={roles.matrix} tabIndex={0}>
        <table className="matrix" aria-rowcount={rows.length + 1}>
          <thead>
            <tr>
              <th scope="col" className="matrix-name">
                {roles.typeColumn}
              </th>
              {columns.map(({ verb, actions }) => (
                <th key={verb} scope="col">
                  <span className="matrix-cell">
                    <Box
                      label={roles.allOfColumn(roles.verbs[verb])}
                      state={stateOfAll(actions.map(stateOf))}
                      disabled={!editing.mayChange || actions.length === 0}
                      onPress={() => setAll(actions)}
                    />
                    {roles.verbs[verb]}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          <Chunks
            items={rows}
            size={8}
            columns={VERBS.length + 1}
            heightOf={(row) => 46 + (folded.has(row.type) ? 0 : row.others.length * 46)}
          >
            {(row) => (
              <TypeRow
                key={row.type}
                row={row}
                here={here}
                words={words}
                isFolded={folded.has(row.type)}
                mayChange={editing.mayChange}
                // A row is drawn again only when this says something else.
                states={JSON.stringify(actionsIn([row]).map((action) => [action.action, stateOf(action)]))}
                acts={acts}
              />
            )}
          </Chunks>
        </table>
      </section>
      <Tip point={point} holders={holders} />
    </>
  );
}

/** What is told of the cell that somebody points at. */
function Tip({
  point,
  holders,
}: {
  readonly point: RefObject<(pointed: Pointed | undefined) => void>;
  readonly holders: MatrixProps['holders'];
}): ReactNode {
  const [pointed, setPointed] = useState<Pointed>();
  useEffect(() => {
    point.current = setPointed;
  }, [point]);
  if (!pointed) return null;
  return <HoldersTip pointed={pointed} holders={holders(pointed.action)} onClose={() => setPointed(undefined)} />;
}

interface Acts {
  toggle(action: string): void;
  setAll(actions: readonly MatrixAction[]): void;
  fold(type: string): void;
  point(action: MatrixAction | undefined, element?: HTMLElement): void;
}

interface CellState {
  readonly kind: 'none' | 'all' | 'rules';
  readonly words: string | undefined;
  readonly inherited: { readonly all: boolean; readonly from: string } | undefined;
  readonly isChanged: boolean;
}

const TypeRow = memo(
  ({
    row,
    here,
    words,
    isFolded,
    mayChange,
    states,
    acts,
  }: {
    readonly row: MatrixRow;
    readonly here: string;
    readonly words: Words;
    readonly isFolded: boolean;
    readonly mayChange: boolean;
    readonly states: string;
    readonly acts: Acts;
  }): ReactNode => {
    const { roles } = words;
    const known = new Map(JSON.parse(states) as [string, CellState][]);
    const stateOf = ({ action }: MatrixAction) => known.get(action) as CellState; // of the same row
    const all = actionsIn([row]);
    const held = all.filter((action) => isHeld(stateOf(action))).length;
    const cell = (action: MatrixAction, label: string) => (
      <Cell
        action={action}
        name={roles.cell(row.label, label)}
        state={stateOf(action)}
        here={here}
        words={words}
        mayChange={mayChange}
        acts={acts}
      />
    );
    return (
      <>
        <tr>
          <th scope="row" className="matrix-name">
            <span className="matrix-cell">
              <Box
                label={roles.allOfRow(row.label)}
                state={stateOfAll(all.map(stateOf))}
                disabled={!mayChange}
                onPress={() => acts.setAll(all)}
              />
              <span className="grow breaks">
                {row.label}
                <span className="hint block">{roles.heldOf(held, all.length)}</span>
              </span>
              {row.others.length > 0 && (
                <button
                  type="button"
                  className="matrix-fold"
                  aria-expanded={!isFolded}
                  aria-label={roles.otherActions(row.label, row.others.length)}
                  onClick={() => acts.fold(row.type)}
                >
                  <Icon name={isFolded ? 'right' : 'down'} size={16} />
                </button>
              )}
            </span>
          </th>
          {VERBS.map((verb: Verb) => {
            const action = row.cells.get(verb);
            return (
              <td key={verb} data-changed={(action && stateOf(action).isChanged) || undefined}>
                {action ? (
                  cell(action, roles.verbs[verb])
                ) : (
                  <span className="visually-hidden">{roles.noSuchAction}</span>
                )}
              </td>
            );
          })}
        </tr>
        {!isFolded &&
          row.others.map((action) => (
            <tr key={action.action} className="matrix-other">
              <td colSpan={VERBS.length + 1} data-changed={stateOf(action).isChanged || undefined}>
                <div className="matrix-line">
                  {cell(action, action.label)}
                  <span className="grow small">
                    {action.label}
                    <span className="hint clip">
                      <Coded text={action.description} />
                    </span>
                  </span>
                </div>
              </td>
            </tr>
          ))}
      </>
    );
  },
);

function Cell({
  action,
  name,
  state,
  here,
  words: { roles },
  mayChange,
  acts,
}: {
  readonly action: MatrixAction;
  readonly name: string;
  readonly state: CellState;
  readonly here: string;
  readonly words: Words;
  readonly mayChange: boolean;
  readonly acts: Acts;
}): ReactNode {
  const { kind, inherited, isChanged } = state;
  const isFixed = kind === 'none' && inherited?.all === true;
  const text =
    kind === 'none' && inherited ? roles.from(inherited.from) : kind === 'rules' ? state.words : roles.held[kind];
  const to = `${here}/${action.action}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only notes what the controls in it are about
    <span
      className={classNames('matrix-cell', kind, inherited && 'inherited')}
      onPointerEnter={({ currentTarget, pointerType }) => {
        if (pointerType === 'mouse') acts.point(action, currentTarget);
      }}
      onPointerLeave={() => acts.point(undefined)}
      onFocus={({ target }) => acts.point(action, target)}
      onBlur={() => acts.point(undefined)}
    >
      <Box
        label={name}
        state={kind === 'none' && inherited ? (inherited.all ? 'all' : 'rules') : kind}
        disabled={!mayChange || isFixed}
        soft={kind === 'none'}
        onPress={() => acts.toggle(action.action)}
      />
      <a
        className="matrix-text"
        id={`cell-${action.action}`}
        href={`${BASE}${to}`}
        aria-label={roles.editCell(name, text ?? '')}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
          event.preventDefault();
          goTo(to);
        }}
      >
        {text}
      </a>
      {isChanged && (
        <span className="matrix-mark">
          <span className="visually-hidden">{roles.changed}</span>
        </span>
      )}
    </span>
  );
}

/** A box with three states that costs little, as there are a thousand of them. */
function Box({
  label,
  state,
  disabled,
  soft,
  onPress,
}: {
  readonly label: string;
  readonly state: CellState['kind'];
  readonly disabled: boolean;
  readonly soft?: boolean;
  readonly onPress: () => void;
}): ReactNode {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a box of the browser has no third state that can be seen
    <button
      type="button"
      role="checkbox"
      aria-checked={state === 'rules' ? 'mixed' : state === 'all'}
      aria-label={label}
      aria-disabled={disabled || undefined}
      className={classNames('check-box', soft && 'soft')}
      {...(state === 'all' && { 'data-checked': '' })}
      {...(state === 'rules' && { 'data-indeterminate': '' })}
      {...(disabled && { 'data-disabled': '' })}
      onClick={disabled ? undefined : onPress}
    >
      {state !== 'none' && <Icon name={state === 'all' ? 'check' : 'minus'} size={16} />}
    </button>
  );
}

function isHeld({ kind, inherited }: CellState): boolean {
  return kind !== 'none' || inherited !== undefined;
}

function stateOfAll(states: readonly CellState[]): CellState['kind'] {
  if (states.length === 0 || !states.some(isHeld)) return 'none';
  return states.every(({ kind, inherited }) => kind === 'all' || inherited?.all) ? 'all' : 'rules';
}
