import { Document, YAMLMap, YAMLSeq } from 'yaml';
import type { RoleRow } from '../roles/find-role.ts';
import { fingerprintOf, sorted } from './fingerprint.ts';

const HEAD = ` Roles and permissions of Gatehouse. Written by: npm run gatehouse -- permissions pull
 What a change of it would do: npm run gatehouse -- permissions plan
 An action that this schema does not have is marked: it allows nothing, and can stay.`;

/** The roles as the text of a file. */
export function formatPermissionsFile(roles: readonly RoleRow[], known: readonly string[]): string {
  const document = new Document({ pulledFrom: fingerprintOf(roles), roles: new YAMLMap() });
  document.commentBefore = HEAD;
  const map = document.get('roles') as YAMLMap; // it was made as one above
  for (const { type, name, description, actions } of sorted(roles)) {
    const list = new YAMLSeq();
    for (const action of actions) {
      const item = document.createNode(action);
      if (!known.includes(action)) item.comment = ' not in the schema';
      list.add(item);
    }
    const role = document.createNode({ name, description }) as YAMLMap; // an object makes a map
    role.set('permissions', list);
    map.set(type, role);
  }
  return document.toString({ lineWidth: 0, indentSeq: true });
}
