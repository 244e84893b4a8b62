import type { Scene } from './access.ts';
import { compareAnswer, type Question } from './questions.ts';
import { cells, connection } from './reads/cells.ts';
import { documents } from './reads/documents.ts';
import { filters } from './reads/filters.ts';
import { search } from './reads/search.ts';
import { sorts } from './reads/sorts.ts';
import type { Session, Subject } from './session.ts';
import type { Shape } from './shapes.ts';

/** Every way to read a content type: rows, cells, relations, filters, sorts and search. */
export async function checkReads(session: Session, subject: Subject, shape: Shape): Promise<void> {
  const scene = session.scene(subject);
  const questions = shape.kind === 'single' ? cells(scene, shape) : ofCollection(scene, shape);
  // Many in one document: each is a root field with an alias of its own.
  for (let from = 0; from < questions.length; from += AT_ONCE) {
    const some = questions.slice(from, from + AT_ONCE);
    const document = `{ ${some.map(({ field }, index) => `q${index}: ${field}`).join(' ')} }`;
    const answer = await session.ask(subject, document);
    for (const [index, question] of some.entries()) {
      const difference = compareAnswer(answer, `q${index}`, question.expected);
      if (difference) session.differs(subject, `{ ${question.field} }`, difference.expected, difference.got);
    }
  }
}

const AT_ONCE = 60;

function ofCollection(scene: Scene, shape: Shape): Question[] {
  return [
    ...cells(scene, shape),
    connection(scene, shape),
    ...documents(scene, shape),
    ...filters(scene, shape),
    ...sorts(scene, shape),
    ...search(scene, shape),
  ];
}
