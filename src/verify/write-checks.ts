import { accessTo } from './access.ts';
import { attempting, documentOf } from './attempt-write.ts';
import { relationsIn } from './reads/expected.ts';
import { cut } from './report.ts';
import type { Session, Subject } from './session.ts';
import type { Shape } from './shapes.ts';
import type { Content } from './snapshot.ts';
import { valuesFor } from './values.ts';
import { type Row, tableOf } from './world.ts';
import { canBeShown, type Data, outcomeOf, requiredOf, type Write } from './writes.ts';

/** Every way to write a content type. Whatever is written is compared with what may be, and undone. */
export async function checkWrites(session: Session, subject: Subject, shape: Shape, content: Content): Promise<void> {
  const scene = session.scene(subject);
  const rows = scene.world.rows.get(shape.model) ?? [];
  const base = await content.read();
  const refusals = new Map<string, string>();
  const attempt = attempting({ session, subject, shape, content, scene, base, refusals });

  const values = (name: string) => valuesFor(session, subject, shape, name);
  const [text] = shape.write.filter(
    (name) => shape.columns.get(name)?.kind === 'text' && !shape.columns.get(name)?.unique,
  );
  const change: Data = text === undefined ? {} : { [text]: `verify-${text}` };
  const absent: Row = { model: shape.model, documentId: 'nothing', values: {} };
  const isMissing = (write: Write) => outcomeOf(scene, shape, write);

  if (shape.kind === 'collection') await attemptAbsent();
  for (const row of rows) await attempt({ kind: 'update', row, data: change });
  for (const row of rows) await attempt({ kind: 'delete', row });
  const writable = rows.find((row) => isMissing({ kind: 'update', row, data: change }).kind === 'written');
  const some = writable ?? rows[0];
  if (some) {
    for (const name of shape.write)
      for (const value of values(name)) await attempt({ kind: 'update', row: some, data: { [name]: value } });
  }
  if (writable) {
    const changed = { kind: 'update', row: writable, data: change } as const;
    for (const name of shape.columns.keys()) {
      if (name !== 'documentId') await attempt(changed, `documentId ${name}`, canBeShown(scene, shape, changed, name));
    }
    for (const { name, target } of relationsIn(scene, shape)) {
      const found = accessTo(scene, session.shapes.get(target) as Shape, 'find');
      await attempt(
        changed,
        `documentId ${name} { documentId }`,
        found !== undefined && canBeShown(scene, shape, changed, name),
      );
    }
  }
  const least = Object.fromEntries(requiredOf(scene, shape).map((name) => [name, values(name)[0]]));
  if (Object.values(least).includes(undefined)) {
    session.undecided++; // no value is known that one of its columns can have
    return;
  }
  if (shape.kind === 'single') return attemptFirst();
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
        refusals.set(
          `${kind} of a hidden document`,
          JSON.stringify([[error?.message, code, error?.extensions?.error?.details]]),
        );
    }
  }

  /** A single type has no create: the first update inserts its document. */
  async function attemptFirst(): Promise<void> {
    await tableOf(session.server.prisma, shape.model).deleteMany({});
    await session.refresh();
    const without = { session, subject, shape, content, refusals };
    const first = attempting({ ...without, scene: session.scene(subject), base: await content.read() });
    await first({ kind: 'update', row: undefined, data: least });
    await first({ kind: 'update', row: undefined, data: {} });
    await first({ kind: 'delete', row: absent });
    await content.restore(base);
    await session.refresh();
  }
}
