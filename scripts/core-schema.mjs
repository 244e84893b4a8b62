// Gatehouse's part of a Prisma schema, beside the models of an application.

/**
 * Gatehouse's models, with the other sides of the relations of these models to them: `author User` of a model Article makes
 * `articles Article[]` of the model User, where User has no such field yet. What refers to other models than these is left out.
 */
export function withRelationsOf(content, core) {
  const own = namesIn(core);
  const known = new Set([...own, ...namesIn(content), ...SCALARS]);
  let schema = core
    .split('\n')
    .filter((line) => known.has(FIELD.exec(line)?.[2] ?? 'String'))
    .join('\n');
  for (const { name: model, body } of modelsIn(content)) {
    if (model === 'UserFields') continue; // its fields become those of User
    for (const { name, type, relation } of fieldsIn(body)) {
      // Enums are no models, and are not found.
      if (!own.has(type) || hasOpposite(`${schema}\n${content}`, { model, type, relation })) continue;
      const many = `${model[0].toLowerCase()}${model.slice(1)}s`;
      const opposite = relation ? `${many}_${name} ${model}[] @relation("${relation}")` : `${many} ${model}[]`;
      schema = schema.replace(`model ${type} {\n`, `$&  ${opposite}\n`);
    }
  }
  return schema;
}

/** Whether the model `type` has the other side of a relation already, by itself or among the fields of users. */
function hasOpposite(schema, { model, type, relation }) {
  return modelsIn(schema)
    .filter(({ name }) => name === type || (type === 'User' && name === 'UserFields'))
    .flatMap(({ body }) => fieldsIn(body))
    .some((field) => field.type === model && field.relation === relation);
}

function namesIn(schema) {
  return new Set([...schema.matchAll(/^(?:model|enum|view) (\w+)/gm)].map(([, name]) => name));
}

function modelsIn(schema) {
  return [...schema.matchAll(/^model (\w+) \{\r?\n([\s\S]*?)^\}/gm)].map(([, name, body]) => ({ name, body }));
}

/** A field of a model: its name, its type, and what follows. */
const FIELD = /^ +(\w+) +(\w+)\b(.*)$/;

function fieldsIn(body) {
  return body.split('\n').flatMap((line) => {
    const [, name, type, rest] = FIELD.exec(line) ?? [];
    return name ? [{ name, type, relation: /@relation\((?:name: *)?"(\w+)"/.exec(rest)?.[1] }] : [];
  });
}

const SCALARS = ['String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Json', 'Bytes'];
