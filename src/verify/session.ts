import type { Answer, AskOptions } from '../testing/answer.ts';
import type { TestServer } from '../testing/test-server.ts';
import type { Holder, Scene } from './access.ts';
import { cut, type Finding } from './report.ts';
import type { Shapes } from './shapes.ts';
import type { UserFieldShape } from './user-fields.ts';
import { readWorld, type World } from './world.ts';

/** A viewer as it is known to a run: what it holds, and how it proves who it is. */
export interface Subject {
  readonly name: string;
  readonly credential: string;
  readonly holder: Holder;
  readonly token: string | undefined;
  /** A token of the same viewer that can be ended. */
  readonly spare?: (() => Promise<string>) | undefined;
}

/** Everything that a run of checks works with. */
export class Session {
  readonly server: TestServer;
  readonly shapes: Shapes;
  readonly texts: readonly string[];
  /** Texts that no client can read by any permission. */
  readonly secrets: ReadonlySet<string> = new Set();
  readonly #findings = new Map<string, Finding>();
  requests = 0;
  undecided = 0;
  world: World;

  private constructor(server: TestServer, shapes: Shapes, texts: readonly string[], world: World) {
    this.server = server;
    this.shapes = shapes;
    this.texts = texts;
    this.world = world;
  }

  static async begin(
    server: TestServer,
    shapes: Shapes,
    texts: readonly string[],
    userFields: readonly UserFieldShape[],
  ): Promise<Session> {
    const world = await readWorld(server.database, shapes, texts);
    const session = new Session(server, shapes, texts, world);
    const hidden = userFields.filter(({ read }) => !read.includes('users')).map(({ name }) => name);
    for (const secret of secretsIn(world, shapes, ['passwordHash', ...hidden]))
      (session.secrets as Set<string>).add(secret);
    return session;
  }

  get findings(): readonly Finding[] {
    return [...this.#findings.values()];
  }

  async refresh(): Promise<void> {
    this.world = await readWorld(this.server.database, this.shapes, this.texts);
  }

  scene({ holder }: Pick<Subject, 'holder'>): Scene {
    const { models } = this.server.database;
    return { models, shapes: this.shapes, world: this.world, holder, now: this.server.clock.now() };
  }

  /** Asks as a viewer. Whatever is asked, no secret may come back, but what only this viewer knows. */
  async ask(
    subject: Subject,
    document: string,
    options: AskOptions = {},
    known: ReadonlySet<unknown> = new Set(),
  ): Promise<Answer> {
    this.requests++;
    const answer = await this.server.ask(document, { token: subject.token, ...options });
    const told = [...this.secrets].find((secret) => !known.has(secret) && answer.text.includes(secret));
    if (told !== undefined)
      this.differs(subject, document, 'no value of a column that the viewer does not read', `an answer with ${told}`);
    if (answer.errors?.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR')) {
      this.differs(subject, document, 'an answer or a refusal', 'INTERNAL_SERVER_ERROR');
    }
    return answer;
  }

  differs(
    { name, credential }: Pick<Subject, 'name' | 'credential'>,
    document: string,
    expected: string,
    got: unknown,
  ): void {
    // The first difference of an operation says what is wrong. Others follow from it.
    const key = [name, credential, document].join('\n');
    if (!this.#findings.has(key))
      this.#findings.set(key, { viewer: name, credential, document, expected, got: cut(got) });
  }
}

/** Texts of columns that are no part of any content type, and of these columns of users. Those that stand somewhere else, too, prove nothing. */
function secretsIn(world: World, shapes: Shapes, ofUsers: readonly string[]): string[] {
  const shown = new Map<string, number>();
  const hidden: string[] = [];
  for (const [model, rows] of world.rows) {
    const shape = shapes.get(model);
    if (!shape) continue;
    for (const { values } of rows) {
      for (const [name, value] of Object.entries(values)) {
        if (typeof value !== 'string' || value.length < 8) continue;
        const isHidden = shape.isOwn ? ofUsers.includes(name) : !shape.columns.has(name) && !shape.key.includes(name);
        if (isHidden) hidden.push(value);
        else shown.set(value, 1);
      }
    }
  }
  return hidden.filter((text) => !shown.has(text) && text !== 'none');
}
