import type { Models } from '../../database/models.ts';
import { validateDeclaration } from './check-declaration.ts';
import type { ColumnRules } from './column-rules.ts';
import type { ContentType, DeclaredContentType } from './content-type.ts';
import { ContentTypeError } from './content-type-error.ts';
import { documentIdOf } from './document-id-column.ts';
import { settableColumns, validateHooks } from './hooks/declared-hooks.ts';
import { hasNumericId, keyOf } from './key.ts';
import { generatedValuesOf, lowerFirst, membersOf, rowKeyOf, tableOf, uniqueConstraintsOf } from './model.ts';
import { pluralOf } from './plural.ts';
import { declaredWhere } from './rules/declared-where.ts';
import { sharedKeysOf, validateSharedKeys } from './shared-keys.ts';

/**
 * Validates declared content types and looks up their columns and relations in the models.
 *
 * @throws ContentTypeError with a line for each error in a declaration.
 */
export function resolveContentTypes(models: Models, types: readonly DeclaredContentType[]): ContentType[] {
  if (types.some((type) => typeof type?.file !== 'string')) {
    throw new ContentTypeError('src/app/content/index.ts: exports something that is not a content type');
  }
  const faults = types.flatMap(({ file, kind, model, declaration }) =>
    [
      ...validateDeclaration(models, { kind, model }, { ...declaration }),
      ...validateHooks(model, declaration, kind),
    ].map((fault) => `${file}: ${fault}`),
  );
  if (faults.length > 0) throw new ContentTypeError(faults.join('\n'));
  const ofKeys = types.flatMap(({ file, model, declaration }) =>
    validateSharedKeys(models, model, declaration.write).map((fault) => `${file}: ${fault}`),
  );
  if (ofKeys.length > 0) throw new ContentTypeError(ofKeys.join('\n'));
  return types.map((type) => resolved(models, type));
}

function resolved(models: Models, { file, kind, model, declaration }: DeclaredContentType): ContentType {
  const { read, write, columns = {}, plural, name = model, actions, search = [] } = declaration;
  const { numericId = false, relatedOnly = false, where, hooks } = declaration;
  const singular = lowerFirst(name);
  const key = keyOf(models, model, declaration.key);
  const rules: Readonly<Record<string, ColumnRules | undefined>> = columns;
  const documentId = documentIdOf(models, model, key, rules);
  return {
    file,
    kind,
    model,
    table: tableOf(models, model),
    key,
    hasId: hasNumericId(models, model),
    rowKey: rowKeyOf(models, model, key),
    uniqueConstraints: uniqueConstraintsOf(models, model),
    sharedKeys: sharedKeysOf(models, model),
    generated: generatedValuesOf(models, model),
    name,
    singular,
    plural: plural ?? pluralOf(singular),
    actions: actions ?? lowerFirst(model),
    search: membersOf(models, model, search, rules).filter((member) => member.kind === 'column'),
    numericId,
    readOnly: write.length === 0,
    relatedOnly,
    documentId,
    read: [
      documentId,
      ...membersOf(models, model, [...new Set(read)], rules).filter(({ name }) => name !== 'documentId'),
    ],
    write: membersOf(models, model, write, rules),
    where: where && declaredWhere(models, model, where),
    settable: settableColumns(models, model, rules),
    hooks,
  };
}
