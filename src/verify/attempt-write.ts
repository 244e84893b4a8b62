import type { Scene } from './access.ts';
import { show } from './reads/expected.ts';
import { cut } from './report.ts';
import type { Session, Subject } from './session.ts';
import { kindOf, type Shape } from './shapes.ts';
import type { Content } from './snapshot.ts';
import type { Row, World } from './world.ts';
import { type Outcome, outcomeOf, type Write } from './writes.ts';

/** Writes as a viewer, compares what is left with what may be, and undoes it. `isShown`: whether the viewer can read what is selected. */
export type Attempt = (write: Write, selection?: string, isShown?: boolean) => Promise<void>;

/** What every write of a viewer to a type begins with. */
export interface Attempts {
  readonly session: Session;
  readonly subject: Subject;
  readonly shape: Shape;
  readonly content: Content;
  readonly scene: Scene;
  /** The content before each. */
  readonly base: string;
  /** The first refusal of each kind, which the others have to equal. */
  readonly refusals: Map<string, string>;
}

export function attempting({ session, subject, shape, content, scene, base, refusals }: Attempts): Attempt {
  return async function attempt(write, selection = 'documentId', isShown = true) {
    const outcome = isShown ? outcomeOf(scene, shape, write) : ({ kind: 'refused', code: 'FORBIDDEN' } as const);
    const document = documentOf(session, shape, write, selection);
    const { data, errors = [] } = await session.ask(subject, document);
    const codes = [...new Set(errors.map(({ extensions }) => extensions?.code))];
    const got = () =>
      cut({
        data: data?.w ?? null,
        errors: errors.map(({ message, extensions }) => [extensions?.code, extensions?.error?.details ?? message]),
      });
    const after = await content.read();
    if (outcome.kind === 'refused') {
      if (codes.length !== 1 || codes[0] !== outcome.code || data?.w != null)
        session.differs(subject, document, outcome.code, got());
      if (after !== base) session.differs(subject, document, 'that nothing is written', `a change; ${got()}`);
      // A row or a document that is hidden is refused as one that is not there.
      if (write.kind !== 'create' && outcome.code === 'NOT_FOUND') sameAs(`${write.kind} of a hidden document`, errors);
    } else if (data?.w == null) {
      const isRule =
        codes.every((code) => code === 'BAD_USER_INPUT' || code === 'APPLICATION_ERROR') && codes.length > 0;
      if (isRule) session.undecided++;
      else session.differs(subject, document, 'that it is written', got());
      if (after !== base)
        session.differs(subject, document, 'that a refused write changes nothing', `a change; ${got()}`);
    } else {
      const before = session.world;
      await session.refresh();
      const wrong = wrongIn(shape, before, session.world, write, outcome, String(data.w.documentId), session);
      if (wrong) session.differs(subject, document, wrong.expected, wrong.got);
      session.world = before;
    }
    if (after !== base) await content.restore(base);

    function sameAs(what: string, given: typeof errors): void {
      const text = JSON.stringify(
        given.map(({ message, extensions }) => [message, extensions?.code, extensions?.error?.details]),
      );
      const first = refusals.get(what) ?? text;
      refusals.set(what, first);
      if (text !== first) session.differs(subject, document, `the same refusal for every ${what}: ${first}`, text);
    }
  };
}

export function documentOf(
  { server }: Session,
  { model, name: type, kind }: Shape,
  write: Write,
  selection: string,
): string {
  const id = write.kind === 'create' || kind === 'single' ? '' : `documentId: ${JSON.stringify(write.row?.documentId)}`;
  if (write.kind === 'delete') return `mutation { w: delete${type}${id && `(${id})`} { documentId } }`;
  const fields = server.database.models.byName[model]?.fields ?? {};
  const written = Object.entries(write.data).map(([name, value]) => {
    const isEnum = fields[name]?.kind === 'enum' && typeof value === 'string';
    return `${name}: ${isEnum ? value : JSON.stringify(value)}`;
  });
  return `mutation { w: ${write.kind}${type}(${id ? `${id}, ` : ''}data: { ${written.join(', ')} }) { ${selection} } }`;
}

/** What is not as the write leaves it; undefined when everything is. */
function wrongIn(
  shape: Shape,
  before: World,
  after: World,
  write: Write,
  { after: sent }: Extract<Outcome, { kind: 'written' }>,
  documentId: string,
  { server }: Session,
): { readonly expected: string; readonly got: string } | undefined {
  const rowIn = (world: World) => world.rows.get(shape.model)?.find((row) => row.documentId === documentId);
  const row = rowIn(after);
  if (write.kind === 'delete') {
    if (row) return { expected: 'that the document is deleted', got: 'it is there' };
  } else if (!row) return { expected: 'a written document', got: 'none' };
  const fields = server.database.models.byName[shape.model]?.fields ?? {};
  // An update of a key gives the document another documentId.
  const oldId = write.kind === 'create' ? documentId : (write.row?.documentId ?? documentId);
  const old = before.rows.get(shape.model)?.find((one) => one.documentId === oldId);
  for (const [name, field] of Object.entries(fields)) {
    if (!row || field.kind === 'object' || field.updatedAt) continue;
    const isSet = Object.hasOwn(sent, name);
    // A hook can set any column, also one that was sent.
    if (shape.hasHooks || (!isSet && !old)) continue;
    const [wanted, got] = [isSet ? sent[name] : old?.values[name], row.values[name]].map((value) =>
      String(show(value, kindOf(field))),
    );
    if (wanted !== got) return { expected: `${name} ${cut(wanted)}`, got: cut(got) };
  }
  const touchesOthers = write.kind === 'delete' || Object.values(write.data).some(Array.isArray);
  for (const [model, rows] of before.rows) {
    for (const one of touchesOthers && model !== shape.model ? [] : rows) {
      if (model === shape.model && one.documentId === oldId) continue;
      const other = after.rows.get(model)?.find((candidate) => candidate.documentId === one.documentId);
      if (other && (textOf(other) === textOf(one) || touchesOthers)) continue;
      return { expected: `${model} ${one.documentId} as it was`, got: other ? 'another one' : 'that it is gone' };
    }
    const grown = (after.rows.get(model)?.length ?? 0) - rows.length;
    const ofType = write.kind === 'delete' ? -1 : old ? 0 : 1;
    const expected = model === shape.model ? ofType : 0;
    if (grown !== expected && !(write.kind === 'delete' && grown < 0))
      return { expected: `${expected} more rows of ${model}`, got: `${grown}` };
  }
  return undefined;
}

function textOf({ values }: Row): string {
  const columns = Object.entries(values).filter(([, value]) => !Array.isArray(value) || typeof value[0] !== 'object');
  return columns
    .map(
      ([name, value]) =>
        `${name}=${value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join('\n');
}
