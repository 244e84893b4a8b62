import type { Models } from '../../database/models.ts';
import { validateDeclaration } from './check-declaration.ts';
import type { ColumnRules } from './column-rules.ts';
import type { ContentType, DeclaredContentType } from './content-type.ts';
import { ContentTypeError } from './content-type-error.ts';
import { type Column, generatedValuesOf, lowerFirst, membersOf, tableOf, uniqueConstraintsOf } from './model.ts';
import { pluralOf } from './plural.ts';
import { declaredWhere } from './rules/declared-where.ts';

/**
 * Validates declared content types and looks up their columns and relations in the models.
 *
 * @throws ContentTypeError with a line for each error in a declaration.
 */
export function resolveContentTypes(models: Models, types: readonly DeclaredContentType[]): ContentType[] {
  if (types.some((type) => typeof type?.file !== 'string')) {
    throw new ContentTypeError('src/app/content/index.ts: exports something that is not a content type');
  }
  const faults = types.flatMap(({ file, model, declaration }) =>
    validateDeclaration(models, model, { ...declaration }).map((fault) => `${file}: ${fault}`),
  );
  if (faults.length > 0) throw new ContentTypeError(faults.join('\n'));
  return types.map((type) => resolved(models, type));
}

function resolved(models: Models, { file, kind, model, declaration }: DeclaredContentType): ContentType {
  const { read, write, columns = {}, plural, name = model, actions, search = [] } = declaration;
  const { numericId = false, relatedOnly = false, where } = declaration;
  const singular = lowerFirst(name);
  const rules: Readonly<Record<string, ColumnRules | undefined>> = columns;
  return {
    file,
    kind,
    model,
    table: tableOf(models, model),
    uniqueConstraints: uniqueConstraintsOf(models, model),
    generated: generatedValuesOf(models, model),
    name,
    singular,
    plural: plural ?? pluralOf(singular),
    actions: actions ?? lowerFirst(model),
    search: membersOf(models, model, search, rules).filter((member) => member.kind === 'column'),
    numericId,
    readOnly: write.length === 0,
    relatedOnly,
    documentId: membersOf(models, model, ['documentId'], rules)[0] as Column, // checkKeys() checked it
    read: membersOf(models, model, [...new Set(['documentId', ...read])], rules),
    write: membersOf(models, model, write, rules),
    where: where && declaredWhere(models, model, where),
  };
}
