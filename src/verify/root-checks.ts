import { grantsFor } from './access.ts';
import { cut } from './report.ts';
import { OF_PERSONS, type RootField } from './root-fields.ts';
import type { Session, Subject } from './session.ts';
import type { Content } from './snapshot.ts';

/** What ends the session of the viewer, and needs one of its own. */
const ENDS = ['logout', 'logoutEverywhere', 'changePassword', 'revokeSession'];

/** Asks for every root field: it is answered or refused as the roles say, and a refused one does nothing. */
export async function checkRootFields(
  session: Session,
  subject: Subject,
  fields: readonly RootField[],
  content: Content,
): Promise<void> {
  const { server } = session;
  const before = await content.read();
  for (const field of fields) {
    const { operation, name, action } = field;
    const document = `${operation} { ${field.field} }`;
    if (action === undefined) continue; // reported once, for everybody
    const isAllowed = allows(subject, field);
    const token = isAllowed && ENDS.includes(name) && subject.spare ? await subject.spare() : subject.token;
    await server.idle(); // what the field before left behind is not of this one
    server.statements.length = 0;
    const { data, errors = [], status } = await session.ask(subject, document, { token });
    const refusal = errors.find(
      ({ extensions }) => extensions?.code === 'FORBIDDEN' && extensions.error?.details?.action === action,
    );
    const got = () =>
      cut({
        status,
        data,
        errors: errors.map(({ message, extensions }) => [
          extensions?.code,
          message,
          extensions?.error?.details?.action,
        ]),
      });
    if (isAllowed) {
      if (refusal || status === 401) session.differs(subject, document, `no refusal: ${action} is allowed`, got());
      continue;
    }
    const isRefused = refusal && errors.length === 1 && (data?.[name] ?? null) === null && status === 200;
    if (!isRefused) session.differs(subject, document, `FORBIDDEN ${action}, and nothing else`, got());
    const done = server.statements.filter(
      (sql) => content.isTouchedBy(sql) || (operation === 'mutation' && isWrite(sql)),
    );
    if (done.length > 0)
      session.differs(subject, document, 'a refusal without SQL', `${done.length} statements: ${done[0]}`);
  }
  await server.prisma.role.deleteMany({ where: { OR: [{ name: 'nothing' }, { name: '' }] } });
  if ((await content.read()) !== before) await content.restore(before);
  await session.refresh();
}

/** Whether the roles of a viewer let it use a root field. */
export function allows(
  { holder }: Pick<Subject, 'holder'>,
  { action, withRules }: Pick<RootField, 'action' | 'withRules'>,
): boolean {
  if (action === undefined || (holder.kind === 'token' && OF_PERSONS.includes(action))) return false;
  const grants = grantsFor(holder, action);
  return withRules ? grants !== undefined : grants === 'all';
}

function isWrite(sql: string): boolean {
  // Attempts to manage users, and the last use of a token, are recorded.
  return /^\s*(?:insert|update|delete|with)\b/i.test(sql) && !/audit_entries|api_tokens|sessions|locks/.test(sql);
}
