import { type GraphQLSchema, isInputObjectType, isObjectType } from 'graphql';
import { actionsOf } from '../authorization/guard.ts';
import type { App } from '../start/app.ts';
import type { RootField } from './root-fields.ts';
import type { Session } from './session.ts';
import { userFieldPlaces } from './user-fields.ts';

/** What can be seen without a request: root fields without an action, actions of roles that no field needs, columns that are not declared. */
export function checkExposure(
  session: Session,
  { models, userFields }: App,
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
  const problem = (where: string, expected: string, got: string) => session.differs(schemaItself, where, expected, got);
  for (const shape of session.shapes.values()) {
    if (shape.isOwn) continue;
    const members = models.byName[shape.model]?.fields ?? {};
    const { columns, relations, write } = shape;
    const isShown = (name: string) => columns.has(name) || relations.has(name);
    for (const name of namesOf(schema, shape.name)) {
      if (isColumn(members, name) && !isShown(name))
        problem(`${shape.name}.${name}`, 'that no content type shows it', 'a field of the schema');
    }
    for (const name of namesOf(schema, `${shape.name}FiltersInput`)) {
      if (isColumn(members, name) && !isShown(name))
        problem(`${shape.name}FiltersInput.${name}`, 'that no content type shows it', 'a filter');
    }
    for (const name of namesOf(schema, `${shape.name}Input`)) {
      if (isColumn(members, name) && !write.includes(name))
        problem(`${shape.name}Input.${name}`, 'that nobody writes it', 'an input field');
    }
  }
  for (const { column, type, isWanted } of userFieldPlaces(models, userFields)) {
    const isThere = namesOf(schema, type).includes(column);
    if (isThere !== isWanted)
      problem(
        `${type}.${column}`,
        isWanted ? 'a field, as src/app/user.ts says' : 'that nobody declares it there',
        isThere ? 'a field of the schema' : 'none',
      );
  }
}

/** The fields of an object or an input; none if there is no such type. */
function namesOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  return isObjectType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [];
}

/** Every document has these two, whatever is declared. */
function isColumn(members: object, name: string): boolean {
  return Object.hasOwn(members, name) && name !== 'id' && name !== 'documentId';
}
