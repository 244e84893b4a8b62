import { accessTo } from './access.ts';
import { relationsIn, show } from './read-checks.ts';
import { cut } from './report.ts';
import type { Session, Subject } from './session.ts';
import { kindOf, type Shape } from './shapes.ts';
import type { Content } from './snapshot.ts';
import type { Row, World } from './world.ts';
import { canBeShown, type Data, type Outcome, outcomeOf, requiredOf, type Write } from './writes.ts';

/** Every way to write a content type. Whatever is written is compared with what may be, and undone. */
export async function checkWrites(session: Session, subject: Subject, shape: Shape, content: Content): Promise<void> {
  const scene = session.scene(subject);
  const rows = scene.world.rows.get(shape.model) ?? [];
  const base = await content.read();
  const answers = new Map<string, string>();
  if (shape.kind === 'single') return;

  async function attempt(write: Write, selection = 'documentId', isShown = true): Promise<void> {
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
      const first = answers.get(what) ?? text;
      answers.set(what, first);
      if (text !== first) session.differs(subject, document, `the same refusal for every ${what}: ${first}`, text);
    }
  }

  const values = (name: string) => valuesFor(session, subject, shape, name);
  const [text] = shape.write.filter(
    (name) => shape.columns.get(name)?.kind === 'text' && !shape.columns.get(name)?.unique,
  );
  const change: Data = text === undefined ? {} : { [text]: `verify-${text}` };
  const absent: Row = { model: shape.model, documentId: 'nothing', values: {} };
  const isMissing = (write: Write) => outcomeOf(scene, shape, write);

  await attemptAbsent();
  for (const row of rows) await attempt({ kind: 'update', row, data: change });
  for (const row of rows) await attempt({ kind: 'delete', row });
  const writable = rows.find((row) => isMissing({ kind: 'update', row, data: change }).kind === 'written');
  const some = writable ?? rows[0];
  if (some) {
    for (const name of shape.write)
      for (const value of values(name)) await attempt({ kind: 'update', row: some, data: { [name]: value } });
  }
  if (writable) {
    for (const name of shape.columns.keys()) {
      if (name !== 'documentId')
        await attempt(
          { kind: 'update', row: writable, data: change },
          `documentId ${name}`,
          canBeShown(scene, shape, 'update', name),
        );
    }
    for (const { name, target } of relationsIn(scene, shape)) {
      const found = accessTo(scene, session.shapes.get(target) as Shape, 'find');
      await attempt(
        { kind: 'update', row: writable, data: change },
        `documentId ${name} { documentId }`,
        found !== undefined && canBeShown(scene, shape, 'update', name),
      );
    }
  }
  const least = Object.fromEntries(requiredOf(scene, shape).map((name) => [name, values(name)[0]]));
  await attempt({ kind: 'create', data: least });
  for (const name of shape.write) {
    for (const value of values(name).slice(0, 2))
      if (value !== null) await attempt({ kind: 'create', data: { ...least, [name]: value } });
  }

  async function attemptAbsent(): Promise<void> {
    const write: Write = { kind: 'update', row: absent, data: change };
    for (const kind of ['update', 'delete'] as const) {
      const document = documentOf(session, shape, kind === 'update' ? write : { kind, row: absent }, 'documentId');
      const { errors = [] } = await session.ask(subject, document);
      const [error] = errors;
      const code = error?.extensions?.code;
      if (code !== 'NOT_FOUND' && code !== 'FORBIDDEN')
        session.differs(subject, document, 'NOT_FOUND or FORBIDDEN', cut(errors));
      if (code === 'NOT_FOUND')
        answers.set(
          `${kind} of a hidden document`,
          JSON.stringify([[error?.message, code, error?.extensions?.error?.details]]),
        );
    }
  }
}

/** Values to send for a column or a relation: ordinary ones, documents that the viewer finds or does not find, and nothing. */
function valuesFor(session: Session, subject: Subject, shape: Shape, name: string): unknown[] {
  const scene = session.scene(subject);
  const field = scene.models.byName[shape.model]?.fields[name];
  if (!field) return [];
  if (field.kind === 'object') {
    const target = session.shapes.get(field.type);
    if (!target) return [];
    const find = accessTo(scene, target, 'find');
    const among = scene.world.rows.get(field.type) ?? [];
    const ids = [among.find((row) => find?.sees(row)), among.findLast((row) => !find?.sees(row))].flatMap(
      (row) => row?.documentId ?? [],
    );
    const all = [...ids, 'nothing'];
    return field.list ? [...all.map((id) => [id]), []] : [...all, null];
  }
  switch (kindOf(field)) {
    case 'text':
      return [`verify-${name}`, null];
    case 'number':
      return [3, null];
    case 'boolean':
      return [true, false, null];
    case 'time':
      return ['2021-05-05T05:05:05.000Z', null];
    case 'enum':
      return Object.keys(scene.models.enums[field.type] ?? {}).slice(0, 3);
    default:
      return field.required ? [] : [null];
  }
}

function documentOf({ server }: Session, { model, name: type }: Shape, write: Write, selection: string): string {
  const id = write.kind === 'create' ? '' : `documentId: ${JSON.stringify(write.row.documentId)}`;
  if (write.kind === 'delete') return `mutation { w: delete${type}(${id}) { documentId } }`;
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
  const old = rowIn(before);
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
      if (model === shape.model && one.documentId === documentId) continue;
      const other = after.rows.get(model)?.find((candidate) => candidate.documentId === one.documentId);
      if (other && (textOf(other) === textOf(one) || touchesOthers)) continue;
      return { expected: `${model} ${one.documentId} as it was`, got: other ? 'another one' : 'that it is gone' };
    }
    const grown = (after.rows.get(model)?.length ?? 0) - rows.length;
    const expected = model === shape.model ? { create: 1, update: 0, delete: -1 }[write.kind] : 0;
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
