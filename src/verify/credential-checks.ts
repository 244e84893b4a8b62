import type { Person } from '../testing/people.ts';
import { cut } from './report.ts';
import type { RootField } from './root-fields.ts';
import type { Session } from './session.ts';
import type { Content } from './snapshot.ts';

const MONTHS = 100 * 86_400_000;

/** What is no valid credential is refused as a whole, with every root field, and never taken for Public. */
export async function checkCredentials(
  session: Session,
  { id, token }: Person,
  fields: readonly RootField[],
  content: Content,
): Promise<void> {
  const { server } = session;
  const before = await content.read();
  const [head = '', payload = '', signature = ''] = token.split('.');
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
  const blocked = await server.user({ username: 'verify-blocked' });
  await server.prisma.user.update({ where: { id: blocked.id }, data: { blocked: true } });
  const deleted = await server.user({ username: 'verify-deleted' });
  await server.prisma.user.delete({ where: { id: deleted.id } });
  const apiToken = await server.apiToken({ lifespan: 7 });
  const at = signature.startsWith('A') ? 'B' : 'A';
  await refused('garbage', 'Bearer garbage');
  await refused('a token with another signature', `Bearer ${head}.${payload}.${at}${signature.slice(1)}`);
  await refused('a token without a signature', `Bearer ${unsigned}.${payload}.`);
  await refused('two tokens', `Bearer ${token} ${token}`);
  await refused('a password', `Basic ${Buffer.from('verify:verify').toString('base64')}`);
  await refused('an unknown API token', `Bearer ${apiToken.slice(0, -4)}AAAA`);
  await refused('a blocked user', `Bearer ${blocked.token}`);
  await refused('a deleted user', `Bearer ${deleted.token}`);
  await refused('an administrator', `Bearer ${await server.adminToken()}`);
  server.clock.advance(MONTHS);
  await refused('an expired user token', `Bearer ${token}`);
  await refused('an expired API token', `Bearer ${apiToken}`);
  server.clock.advance(-MONTHS);
  if ((await content.read()) !== before)
    session.differs(
      { name: `user ${id}`, credential: 'invalid ones' },
      'all root fields',
      'that nothing is written',
      'a change',
    );

  async function refused(credential: string, authorization: string): Promise<void> {
    const subject = {
      name: 'nobody',
      credential,
      holder: { kind: 'public', permissions: [] },
      token: undefined,
    } as const;
    for (const operation of ['query', 'mutation'] as const) {
      const asked = fields.filter((field) => field.operation === operation);
      if (asked.length === 0) continue;
      const document = `${operation} { ${asked.map(({ field }) => field).join(' ')} }`;
      const answer = await session.ask(subject, document, { headers: { authorization } });
      const isRefused =
        answer.status === 401 && answer.data == null && answer.errors?.[0]?.extensions.code === 'UNAUTHENTICATED';
      if (!isRefused)
        session.differs(
          subject,
          document,
          '401 UNAUTHENTICATED for the whole request',
          cut({ status: answer.status, data: answer.data }),
        );
    }
  }
}
