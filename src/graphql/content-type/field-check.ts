import { forbidden } from '../../common/errors.ts';
import { type FieldCheck, UNNAMED } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import { type ContentSchema, grantsOf, readableBy } from './content-schema.ts';
import type { ContentType, Verb } from './content-type.ts';

/**
 * Whether a viewer can read a field of a content type in any row. A row that a root field returns by an action of its own shows
 * what that action's grants show, beside what `find` and `findOne` do.
 */
export function fieldCheck(schema: ContentSchema, type: ContentType, name: string): FieldCheck {
  return (permissions, grantedBy) => {
    const shown = (verb: 'find' | 'findOne') => readableBy(schema, type, verb, permissions)?.when(name) !== undefined;
    // Without the action, the field that returned the row is refused, or the type is: that is said once.
    const has = (verb: Verb) => grantsOf(schema, type, verb, permissions) !== undefined;
    const refusal = () => forbidden(actionOf(type, 'find'));
    const verb = grantedBy === undefined ? 'find' : VERBS.find((one) => grantedBy === actionOf(type, one));
    switch (verb) {
      case 'find':
      case 'findOne':
        return shown(verb) || !has(verb) ? undefined : refusal();
      case 'create':
      case 'update': {
        const grants = grantsOf(schema, type, verb, permissions);
        // Whoever writes a document can tell which one it is.
        if (grants === undefined || name === type.documentId.name) return undefined;
        const isSent = grants === 'all' || grants.some(({ fields }) => !fields || fields.has(name));
        return isSent || shown('find') || shown('findOne') ? undefined : refusal();
      }
      default: // a field of the project's own that grants its rows: those who may find some see of them what they find
        if (grantedBy === UNNAMED || !permissions.allows(actionOf(type, 'find'))) return undefined;
        return shown('find') ? undefined : refusal();
    }
  };
}

const VERBS = ['find', 'findOne', 'create', 'update'] as const;
