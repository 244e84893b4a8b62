import type { App } from '../start/app.ts';
import { show } from './reads/expected.ts';
import { cut } from './report.ts';
import { allows } from './root-checks.ts';
import type { Session, Subject } from './session.ts';
import { kindOf, type Shape } from './shapes.ts';
import { type UserFieldShape, userFieldShapes } from './user-fields.ts';
import { valuesFor } from './values.ts';
import type { Row } from './world.ts';

/**
 * The application's own fields of users: a user reads and writes those of the own account, others can be written by who can update
 * users, and nothing else changes. Whether they are fields of a type at all is seen without a request.
 */
export async function checkUserFields(session: Session, subject: Subject, app: App): Promise<void> {
  const fields = userFieldShapes(app.models, app.userFields);
  const shape = session.shapes.get('User') as Shape;
  const rows = session.world.rows.get('User') ?? [];
  const own = rows.find(({ values }) => values['id'] === subject.holder.account?.id);
  const other = rows.find((row) => row !== own && row.values['username'] === 'verify-second');
  const isAllowed = (action: string) => allows(subject, { action, withRules: false });
  for (const field of fields) {
    if (field.read.includes('me')) await readOwn(field);
    if (field.write.includes('me'))
      for (const value of values(field))
        await write(field, 'user.updateMe', own, `updateMe(data: { ${field.name}: ${value} }) { documentId }`);
    if (field.write.includes('users') && other) {
      const id = JSON.stringify(other.documentId);
      for (const value of values(field))
        await write(
          field,
          'user.update',
          other,
          `updateUsersPermissionsUser(id: ${id}, data: { ${field.name}: ${value} }) { data { documentId } }`,
        );
    }
  }

  function values({ name }: UserFieldShape): string[] {
    const field = app.models.byName['User']?.fields[name];
    const sent = valuesFor(session, subject, shape, name).filter((value) => value !== null || !field?.required);
    return sent.map((value) => (field?.kind === 'enum' && value !== null ? String(value) : JSON.stringify(value)));
  }

  async function readOwn({ name }: UserFieldShape): Promise<void> {
    const document = `{ me { ${name} } }`;
    const { data, errors = [] } = await session.ask(subject, document, {}, ownValues());
    const column = app.models.byName['User']?.fields[name];
    if (!own || !isAllowed('user.me')) {
      if (data?.['me'] != null || errors[0]?.extensions?.code !== 'FORBIDDEN')
        session.differs(subject, document, 'FORBIDDEN user.me', cut({ data, errors }));
      return;
    }
    const expected = column && column.kind !== 'object' ? show(own.values[name], kindOf(column)) : null;
    const got: unknown = data?.['me']?.[name] ?? null;
    const isThat = expected === '(a value)' ? got !== null : got === expected;
    if (!isThat || errors.length > 0) session.differs(subject, document, cut(expected), cut({ data, errors }));
  }

  /** What a user can be told of the own account. */
  function ownValues(): ReadonlySet<unknown> {
    const names = fields.filter(({ read }) => read.includes('me')).map(({ name }) => name);
    return new Set(names.map((name) => own?.values[name]));
  }

  async function write(
    { name }: UserFieldShape,
    action: string,
    row: Row | undefined,
    mutation: string,
  ): Promise<void> {
    const document = `mutation { ${mutation} }`;
    const before = session.world;
    const { data, errors = [] } = await session.ask(subject, document, {}, ownValues());
    await session.refresh();
    const changes = changesOf(before.rows.get('User') ?? [], session.world.rows.get('User') ?? []);
    const isAnswered = Object.values(data ?? {}).some((value) => value !== null);
    const got = () =>
      cut({ data, errors: errors.map(({ message, extensions }) => [extensions?.code, message]), changes });
    if (!isAllowed(action) || !row) {
      if (errors[0]?.extensions?.code !== 'FORBIDDEN' || isAnswered)
        session.differs(subject, document, `FORBIDDEN ${action}`, got());
      if (changes.length > 0) session.differs(subject, document, 'that nothing is written', got());
    } else if (errors.some(({ extensions }) => extensions?.error?.details?.action === action)) {
      session.differs(subject, document, `no refusal: ${action} is allowed`, got());
    } else if (!isAnswered) {
      // The application's own rules, and the ceiling of who may change whom.
      session.undecided++;
      if (changes.length > 0) session.differs(subject, document, 'that a refused write changes nothing', got());
    } else if (changes.some((change) => change !== `${row.documentId} ${name}`)) {
      session.differs(subject, document, `no change but of ${name}`, got());
    }
    await restore(before.rows.get('User') ?? [], changes);
    session.world = before;
  }

  async function restore(rows: readonly Row[], changes: readonly string[]): Promise<void> {
    for (const change of changes) {
      const [documentId, name = ''] = change.split(' ');
      const value = rows.find((row) => row.documentId === documentId)?.values[name];
      if (value !== undefined)
        await session.server.prisma.user.update({
          where: { documentId: documentId as string },
          data: { [name]: value },
        });
    }
  }
}

/** Each column that differs, with the document: `documentId column`. The time of a change is no change. */
function changesOf(before: readonly Row[], after: readonly Row[]): string[] {
  return before.flatMap((row) => {
    const now = after.find(({ documentId }) => documentId === row.documentId);
    return Object.entries(row.values)
      .filter(
        ([name, value]) =>
          name !== 'updatedAt' && (typeof value !== 'object' || value === null || value instanceof Date),
      )
      .filter(([name, value]) => String(now?.values[name]) !== String(value))
      .map(([name]) => `${row.documentId} ${name}`);
  });
}
