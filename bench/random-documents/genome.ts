import {
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isObjectType,
  isScalarType,
} from 'graphql';

/** A field of a document, as often as `copies` says, each under a name of its own. */
export interface Gene {
  readonly field: string;
  readonly copies: number;
  /** The values of its arguments: each becomes a variable, so that no document is too long to hold them. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly selections: readonly Gene[];
}

export interface Genome {
  readonly operation: 'query' | 'mutation';
  readonly roots: readonly Gene[];
}

export interface Written {
  readonly document: string;
  readonly variables: Record<string, unknown>;
}

/** The document of a genome, with so many copies of the whole. */
export function write(schema: GraphQLSchema, { operation, roots }: Genome, copies = 1): Written {
  const variables: Record<string, unknown> = {};
  const declared: string[] = [];
  let aliases = 0;

  function ofGene(
    type: GraphQLObjectType,
    { field: name, copies, args, selections }: Gene,
    { times, isSecond }: { times: number; isSecond: boolean },
  ): string {
    const field = type.getFields()[name];
    if (!field) throw new Error(`${type.name} has no field ${name}`);
    const given = Object.entries(args).map(([argument, value]) => {
      const variable = `v${declared.length}`;
      const argumentType = field.args.find((one) => one.name === argument)?.type;
      declared.push(`$${variable}: ${String(argumentType)}`);
      variables[variable] = value;
      return `${argument}: $${variable}`;
    });
    const call = `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}`;
    const target = getNamedType(field.type);
    const inner = isObjectType(target) ? ` { ${fieldsOf(target, selections)} }` : '';
    return Array.from({ length: copies * times }, (_, index) => {
      const alias = index === 0 && !isSecond ? '' : `a${aliases++}: `; // their number is limited
      return `${alias}${call}${inner}`;
    }).join(' ');
  }

  function fieldsOf(type: GraphQLObjectType, genes: readonly Gene[], times = 1): string {
    const names = new Set<string>();
    const written = genes.map((gene) => {
      const isSecond = names.has(gene.field);
      names.add(gene.field);
      return ofGene(type, gene, { times, isSecond });
    });
    return written.join(' ');
  }

  const root = schema.getRootType(operation as never);
  if (!root) throw new Error(`There is no ${operation}`);
  const fields = fieldsOf(root, roots, copies);
  return {
    document: `${operation}${declared.length > 0 ? ` (${declared.join(', ')})` : ''} { ${fields} }`,
    variables,
  };
}

/** Random numbers that come again with the same seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export interface Breeder {
  fresh(): Genome;
  mutated(genome: Genome, others: readonly Genome[]): Genome;
}

/** Makes documents out of a schema's fields, and others out of these. `documentIds` are of documents that exist. */
export function createBreeder(schema: GraphQLSchema, random: Random, documentIds: readonly string[]): Breeder {
  const chance = (percent: number) => random(100) < percent;
  const pick = <T>(from: readonly T[]): T => from[random(from.length)] as T; // callers have at least one
  const copies = () => pick([1, 1, 1, 2, 3, 5, 8, 20]);

  const query = schema.getQueryType();
  const mutation = schema.getMutationType();
  const lists = Object.values(query?.getFields() ?? {}).filter((field) =>
    field.args.some(({ name }) => name === 'filters'),
  );
  const writes = Object.values(mutation?.getFields() ?? {}).filter(
    (field) => /^(create|update)/.test(field.name) && isContentInput(field),
  );

  function fresh(): Genome {
    if (chance(10) && writes.length > 0) return { operation: 'mutation', roots: [gene(pick(writes), 0)] };
    return { operation: 'query', roots: [{ ...gene(pick(lists), 0), copies: 1 }] };
  }

  function gene(field: GraphQLField<unknown, unknown>, depth: number): Gene {
    const target = getNamedType(field.type);
    return {
      field: field.name,
      copies: copies(),
      args: Object.fromEntries(
        field.args
          .filter(({ name, type }) => chance(60) || String(type).endsWith('!') || name === 'pagination')
          .map((argument) => [argument.name, argumentValue(target, argument.name, argument.type)]),
      ),
      selections: isObjectType(target) ? selectionsOf(target, depth + 1) : [],
    };
  }

  function selectionsOf(type: GraphQLObjectType, depth: number): Gene[] {
    const fields = Object.values(type.getFields());
    const leaves = fields.filter((field) => !isObjectType(getNamedType(field.type)));
    const inner = depth > 5 ? [] : fields.filter((field) => isObjectType(getNamedType(field.type)));
    const chosen = inner.length > 0 && chance(60) ? [pick(inner)] : [];
    if (leaves.length === 0 && chosen.length === 0 && fields.length > 0) chosen.push(pick(fields));
    if (leaves.length > 0) chosen.push(pick(leaves));
    return chosen.map((field) => ({
      ...gene(field, depth),
      ...(isObjectType(getNamedType(field.type)) ? {} : { copies: 1 }),
    }));
  }

  function argumentValue(target: unknown, name: string, type: GraphQLInputType): unknown {
    if (name === 'pagination') return { limit: pick([1, 1, 10, 100]) };
    if (name === 'sort') return Array.from({ length: pick([1, 3, 10]) }, () => sortKey(rowTypeOf(target)));
    return value(type, 0);
  }

  /** Of a connection, the type of its nodes. */
  function rowTypeOf(type: unknown): GraphQLObjectType {
    const object = type as GraphQLObjectType; // lists are of objects
    const nodes = object.getFields()['nodes'];
    return nodes ? (getNamedType(nodes.type) as GraphQLObjectType) : object;
  }

  function sortKey(type: GraphQLObjectType): string {
    const fields = Object.values(type.getFields());
    const ones = fields.filter(({ type, args }) => isObjectType(type) && args.length === 0);
    const columns = fields.filter((field) => isScalarType(getNamedType(field.type)));
    const one = ones.length > 0 && chance(50) ? pick(ones) : undefined;
    const of = one ? getNamedType(one.type) : type;
    const names =
      one && isObjectType(of)
        ? Object.values(of.getFields()).filter((field) => isScalarType(getNamedType(field.type)))
        : columns;
    return `${one ? `${one.name}.` : ''}${pick(names).name}${chance(50) ? ':desc' : ''}`;
  }

  function value(type: GraphQLInputType, depth: number): unknown {
    const named = getNamedType(type);
    if (isListOf(type)) {
      if (isInputObjectType(named)) return Array.from({ length: pick([1, 2, 2, 4, 8]) }, () => value(named, depth + 1));
      return Array.from({ length: pick([2, 10, 100]) }, () => value(named, depth));
    }
    if (isInputObjectType(named)) return /FiltersInput$/.test(named.name) ? filters(named, depth) : input(named, depth);
    return scalar(named.name);
  }

  function filters(type: GraphQLInputObjectType, depth: number): Record<string, unknown> {
    const fields = Object.values(type.getFields());
    const isRelation = (field: (typeof fields)[number]) => /FiltersInput$/.test(getNamedType(field.type).name);
    const nested = fields.filter(isRelation);
    const columns = fields.filter((field) => !isRelation(field));
    const chosen = depth < 12 && chance(75) ? pick(nested) : pick(columns);
    return { [chosen.name]: value(chosen.type, depth + 1) };
  }

  /** One operator of a column, or all that a document is written with. */
  function input(type: GraphQLInputObjectType, depth: number): Record<string, unknown> {
    const fields = Object.values(type.getFields());
    if (!/FilterInput$/.test(type.name))
      return Object.fromEntries(fields.map((field) => [field.name, value(field.type, depth)]));
    const { name, type: operand } = pick(fields.filter(({ name }) => depth < 15 || name !== 'not'));
    if (name === 'between')
      return { between: [value(getNamedType(operand), depth), value(getNamedType(operand), depth)] };
    return { [name]: value(operand, depth + 1) };
  }

  function scalar(name: string): unknown {
    if (name === 'Boolean') return chance(50);
    if (name === 'Int') return random(100_000);
    if (name === 'Float') return random(100_000) / 7;
    if (name === 'DateTime') return new Date(random(2 ** 31) * 1_000).toISOString();
    if (name === 'ID') return pick([...documentIds, 'nobody']);
    if (name === 'PostKind') return pick(['article', 'tutorial', 'news']);
    return pick(['e', 'zq', 'a gate', 'x'.repeat(30), `t${random(1e9)}`]);
  }

  // ------------------------------------------------------------------ mutations of what there is

  function mutated(genome: Genome, others: readonly Genome[]): Genome {
    const roots = genome.roots.map((root) => mutatedGene(schema.getRootType(genome.operation as never), root, others));
    return { ...genome, roots };
  }

  function mutatedGene(type: GraphQLObjectType | null | undefined, gene: Gene, others: readonly Genome[]): Gene {
    const field = type?.getFields()[gene.field];
    const target = field && getNamedType(field.type);
    if (!field || !isObjectType(target)) return gene;
    const inner = gene.selections.filter(({ field }) =>
      isObjectType(getNamedType(target.getFields()[field]?.type as never)),
    );
    if (inner.length > 0 && chance(45)) {
      const chosen = pick(inner);
      return {
        ...gene,
        selections: gene.selections.map((one) => (one === chosen ? mutatedGene(target, one, others) : one)),
      };
    }
    const argument = field.args.length > 0 ? pick(field.args) : undefined;
    const changes: (() => Gene)[] = [
      () => ({
        ...gene,
        copies: Math.max(1, Math.min(150, Math.round(gene.copies * pick([0.5, 2, 2, 3]) + pick([-1, 0, 1])))),
      }),
      () => ({ ...gene, selections: selectionsOf(target, 3) }),
      () => ({ ...gene, selections: [...gene.selections, ...selectionsOf(target, 3)] }),
      () => ({ ...gene, selections: gene.selections.length > 1 ? gene.selections.slice(1) : gene.selections }),
    ];
    if (argument) {
      const change = () => ({
        ...gene,
        args: { ...gene.args, [argument.name]: argumentValue(target, argument.name, argument.type) },
      });
      changes.push(change, change);
    }
    const filtersOf = field.args.find(({ name }) => name === 'filters');
    if (filtersOf && gene.args['filters'] !== undefined) {
      const change = () => ({
        ...gene,
        args: { ...gene.args, filters: mutatedValue(gene.args['filters'], filtersOf.type) },
      });
      changes.push(change, change, change, change, change, change);
      const given = others.flatMap(({ roots }) => roots).find((root) => root.field === gene.field)?.args['filters'];
      if (given !== undefined)
        changes.push(() => ({ ...gene, args: { ...gene.args, filters: { or: [gene.args['filters'], given] } } }));
    }
    return pick(changes)();
  }

  function mutatedValue(current: unknown, type: GraphQLInputType): unknown {
    const named = getNamedType(type);
    if (chance(15)) return value(type, 6);
    if (Array.isArray(current)) {
      if (current.length === 0) return value(type, 6);
      const chosen = random(current.length);
      const one = mutatedValue(current[chosen], named);
      if (chance(40))
        return [
          ...current,
          ...Array.from({ length: pick([1, 1, 2, current.length]) }, () => (chance(50) ? one : current[chosen])),
        ].slice(0, 210);
      if (chance(15) && current.length > 1) return current.filter((_, index) => index !== chosen);
      return current.map((before, index) => (index === chosen ? one : before));
    }
    if (isInputObjectType(named) && typeof current === 'object' && current !== null) {
      const entries = Object.entries(current);
      if (/FiltersInput$/.test(named.name)) {
        if (chance(12)) return { or: [current, filters(named, 6)] };
        if (chance(6)) return { and: [current, filters(named, 6)] };
        if (chance(6)) return { not: current };
        if (chance(10)) return { ...current, ...filters(named, 6) };
      }
      if (entries.length === 0) return value(named, 6);
      const [key, inner] = pick(entries);
      const innerType = named.getFields()[key]?.type;
      return innerType ? { ...current, [key]: mutatedValue(inner, innerType) } : current;
    }
    return value(type, 6);
  }

  return { fresh, mutated };
}

/** A list, required or not. */
function isListOf(type: GraphQLInputType): boolean {
  return isListType('ofType' in type && !isListType(type) ? type.ofType : type);
}

function isContentInput({ args }: GraphQLField<unknown, unknown>): boolean {
  const data = args.find(({ name }) => name === 'data');
  return (
    data !== undefined &&
    !/^UsersPermissions/.test(getNamedType(data.type).name) &&
    !args.some(({ name }) => name === 'id')
  );
}
