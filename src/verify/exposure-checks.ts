import { isObjectType } from 'graphql';
import { actionsOf } from '../authorization/guard.ts';
import type { App } from '../start/app.ts';
import type { RootField } from './root-fields.ts';
import type { Session } from './session.ts';

/** What can be seen without a request: root fields without an action, actions of roles that no field needs, columns that are not declared. */
export function checkExposure(
  session: Session,
  { models }: App,
  roles: readonly { readonly type: string; readonly permissions: readonly (readonly [string, unknown])[] }[],
  fields: readonly RootField[],
): void {
  const { schema } = session.server.gatehouse;
  const actions = new Set(actionsOf(schema));
  const schemaItself = { name: 'everybody', credential: 'the schema' };
  for (const { name, action, field } of fields) {
    if (action === undefined) session.differs(schemaItself, `{ ${field} }`, `an action of ${name}`, 'none');
    else if (!actions.has(action)) session.differs(schemaItself, `{ ${field} }`, `the action ${action}`, 'another one');
  }
  for (const { type, permissions } of roles) {
    for (const [action] of permissions) {
      if (!actions.has(action))
        session.differs(
          { name: type, credential: 'the roles' },
          action,
          'an action that a field needs',
          'none needs it',
        );
    }
  }
  for (const shape of session.shapes.values()) {
    const shown = schema.getType(shape.name);
    if (!isObjectType(shown) || shape.isOwn) continue;
    for (const name of Object.keys(shown.getFields())) {
      const isMember = models.byName[shape.model]?.fields[name] !== undefined && name !== 'id' && name !== 'documentId';
      if (isMember && !shape.columns.has(name) && !shape.relations.has(name)) {
        session.differs(
          schemaItself,
          `${shape.name}.${name}`,
          'that no content type shows it',
          'a field of the schema',
        );
      }
    }
  }
}
