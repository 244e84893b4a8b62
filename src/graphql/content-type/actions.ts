import type { Action } from '../../authorization/permissions.ts';
import type { ContentType, Verb } from './content-type.ts';

/** The action of a content type: `post.find`. */
export function actionOf({ actions }: Pick<ContentType, 'actions'>, verb: Verb): Action {
  return `${actions}.${verb}`;
}

/** What can be done with a content type. */
export function verbsOf({ kind, readOnly }: Pick<ContentType, 'kind' | 'readOnly'>): readonly Verb[] {
  const reading: readonly Verb[] = kind === 'single' ? ['find'] : ['find', 'findOne'];
  const writing: readonly Verb[] = kind === 'single' ? ['update', 'delete'] : ['create', 'update', 'delete'];
  return readOnly ? reading : [...reading, ...writing];
}

/** What an action is one of: a content type, and what can be done with it. */
export interface ContentAction {
  readonly type: ContentType;
  readonly verb: Verb;
}

/**
 * The actions of content types, by name. A type that is only related belongs to another one, and is guarded by its actions: it has
 * none itself.
 */
export function contentActionsOf(types: Iterable<ContentType>): ReadonlyMap<string, ContentAction> {
  return new Map(
    [...types]
      .filter(({ relatedOnly }) => !relatedOnly)
      .flatMap((type) => verbsOf(type).map((verb) => [actionOf(type, verb), { type, verb }] as const)),
  );
}

/** The actions for reading all content, and nothing else. */
export function readingActionsOf(types: readonly ContentType[]): Action[] {
  return types.flatMap((type) => verbsOf({ ...type, readOnly: true }).map((verb) => actionOf(type, verb)));
}
