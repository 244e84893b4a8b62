import { actionsOf } from '../authorization/guard.ts';
import type { App } from '../start/app.ts';
import { refuseProduction } from '../testing/not-in-production.ts';
import { startTestServer } from '../testing/start-test-server.ts';
import type { TestServer } from '../testing/test-server.ts';
import { checkCredentials } from './credential-checks.ts';
import { checkExposure } from './exposure-checks.ts';
import { makeRows } from './make-rows.ts';
import { NO_LIMITS } from './no-limits.ts';
import { checkReads } from './read-checks.ts';
import type { Report } from './report.ts';
import { checkRootFields } from './root-checks.ts';
import { rootFieldsOf } from './root-fields.ts';
import { Session, type Subject } from './session.ts';
import { shapesOf } from './shapes.ts';
import { contentOf } from './snapshot.ts';
import { asApiTokens, asPublic, asUser, readRoles, roleSetsOf } from './subjects.ts';
import { checkUserFields } from './user-field-checks.ts';
import { userFieldShapes } from './user-fields.ts';
import { checkWrites } from './write-checks.ts';

export interface VerifyOptions {
  /** Only viewers with one of these roles, by type. `public` is one. */
  readonly roles?: readonly string[] | undefined;
  /** Only content types of these models. */
  readonly types?: readonly string[] | undefined;
  /** The same rows and requests for the same seed. */
  readonly seed?: number | undefined;
  /** Ends with the first viewer that differences were found for. */
  readonly untilFirst?: boolean | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Starts the server that is asked, on an empty database with the roles of the application. */
  readonly serve?: ((app: App) => Promise<TestServer>) | undefined;
}

/**
 * Checks that a server of the application answers what its roles say: every root field, relation, filter, sort and input, for every
 * role and kind of credential. It runs on an embedded database in memory with rows of its own.
 *
 * @throws NotForProduction with NODE_ENV=production.
 */
export async function verify(
  app: App,
  { roles: only, types, seed = 1, untilFirst = false, onProgress = () => {}, serve = serveApp }: VerifyOptions = {},
): Promise<Report> {
  refuseProduction('gatehouse verify');
  await using server = await serve(app);
  const [first, second] = [
    await server.user({ username: 'verify-first' }),
    await server.user({ username: 'verify-second' }),
  ];
  const shapes = shapesOf(app);
  await makeRows(server.prisma, app, shapes, [first.id, second.id], seed);
  const roles = await readRoles(server);
  const session = await Session.begin(server, shapes, textsIn(roles), userFieldShapes(app.models, app.userFields));
  const content = await contentOf(server);
  const fields = rootFieldsOf(server.gatehouse.schema, shapes);
  const actions = actionsOf(server.gatehouse.schema);
  checkExposure(session, app, roles, fields);

  const wanted = [...shapes.values()].filter(
    ({ model, relatedOnly }) => !relatedOnly && (!types || types.includes(model)),
  );
  const isEnough = () => untilFirst && session.findings.length > 0;
  async function check(subject: Subject): Promise<void> {
    if (isEnough()) return;
    const before = session.requests;
    await session.refresh();
    for (const shape of wanted) await checkReads(session, subject, shape);
    for (const shape of wanted)
      if (shape.write.length > 0 && !isEnough()) await checkWrites(session, subject, shape, content);
    if ((!types || types.includes('User')) && !isEnough()) await checkUserFields(session, subject, app);
    if (!types && !isEnough()) await checkRootFields(session, subject, fields, content);
    const found = session.findings.length;
    onProgress(
      `${subject.name} (${subject.credential}): ${session.requests - before} requests, ${found} differences so far`,
    );
  }

  const sets = roleSetsOf(roles, only);
  for (const set of sets) {
    const spare = async () => (await server.user({ roles: set })).token;
    await check(await asUser(server, roles, first, set, spare));
  }
  if (!only || only.includes('public')) await check(asPublic(roles));
  if (!only) {
    for (const subject of await asApiTokens(server, roles, shapes, actions)) await check(subject);
    if (!isEnough()) await checkCredentials(session, second, fields, content);
  }
  return {
    requests: session.requests,
    roles: new Set([...sets.flat(), ...(!only || only.includes('public') ? ['public'] : [])]).size,
    findings: session.findings,
    undecided: session.undecided,
    seed,
  };
}

function serveApp(app: App): Promise<TestServer> {
  return startTestServer(app, { config: NO_LIMITS });
}

/** Texts that rules compare with. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
