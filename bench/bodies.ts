/** A kind of request that may be dear, in every size up to the bound of a body. */
export interface Family {
  readonly name: string;
  /** The body for a size, which is as many of what the family repeats. */
  readonly body: (size: number) => string;
}

/** Bytes. */
export const MAX_BODY = 1024 * 1024;

const times = (count: number, make: (index: number) => string, between = ' ') =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);

const nested = (count: number, open: string, inner: string, close: string) =>
  `${open.repeat(count)}${inner}${close.repeat(count)}`;

function document(name: string, query: (size: number) => string, more: Readonly<Record<string, unknown>> = {}): Family {
  return { name, body: (size) => JSON.stringify({ query: query(size), ...more }) };
}

/** Variables as text: JSON.stringify would overflow where JSON.parse does not. */
function variables(name: string, query: string, values: (size: number) => string): Family {
  return { name, body: (size) => `{"query":${JSON.stringify(query)},"variables":${values(size)}}` };
}

const FILTERED = 'query ($f: PostFiltersInput) { posts(filters: $f) { title } }';
const SORTED = 'query ($s: [String]) { posts(sort: $s) { title } }';
const LOGIN = 'mutation ($i: UsersPermissionsLoginInput!) { login(input: $i) { jwt } }';
const REGISTER = 'mutation ($i: UsersPermissionsRegisterInput!) { register(input: $i) { jwt } }';
const CREATE = 'mutation ($d: PostInput!) { createPost(data: $d) { title } }';

const text = (character: string) => (size: number) => JSON.stringify(character.repeat(size));

const DOCUMENTS: readonly Family[] = [
  document('fragments nobody spreads', (n) => `{ __typename } ${times(n, (i) => `fragment F${i} on Post { title }`)}`),
  document(
    'fragments of many fields that nobody spreads',
    (n) => `{ __typename } ${times(n / 100, (i) => `fragment F${i} on Post { ${times(100, (j) => `f${j}: title`)} }`)}`,
  ),
  document(
    'unspread fragments that select one field many times',
    (n) => `{ __typename } fragment F on Post { ${'author { name } '.repeat(n)} }`,
  ),
  document(
    'unspread fragments in many levels of one name',
    (n) => `{ __typename } fragment F on Post { ${twice(Math.log2(n + 1))} }`,
  ),
  document(
    'fragments in a circle',
    (n) => `{ posts { ...F0 } } ${times(n, (i) => `fragment F${i} on Post { title ...F${(i + 1) % n} }`)}`,
  ),
  document(
    'fragments that all spread all',
    (n) =>
      `{ posts { ...F0 } } ${times(Math.sqrt(n), (i) => `fragment F${i} on Post { title ${times(Math.sqrt(n), (j) => `...F${j}`)} }`)}`,
  ),
  document(
    'fragments that all spread the later ones',
    (n) =>
      `{ posts { ...F0 } } ${times(Math.sqrt(n), (i) => `fragment F${i} on Post { title ${times(Math.sqrt(n) - i - 1, (j) => `...F${i + j + 1}`)} }`)}`,
  ),
  document(
    'unspread fragments that all spread the later ones',
    (n) =>
      `{ __typename } ${times(Math.sqrt(n), (i) => `fragment F${i} on Post { a${i}: title author { name } ${times(Math.sqrt(n) - i - 1, (j) => `...F${i + j + 1}`)} }`)}`,
  ),
  document(
    'a chain of fragments',
    (n) =>
      `{ posts { ...F0 } } ${times(n, (i) => `fragment F${i} on Post { title ...F${i + 1} }`)} fragment F${Math.ceil(n)} on Post { title }`,
  ),
  document('inline fragments in each other', (n) => `{ posts { ${nested(n, '...on Post{', 'title', '}')} } }`),
  document('inline fragments without type in each other', (n) => `{ ${nested(n, '...{', '__typename', '}')} }`),
  document(
    'inline fragments in each other, a field in each',
    (n) => `{ posts { ${nested(n, 'title ...on Post{', 'title', '}')} } }`,
  ),
  document('inline fragments beside each other', (n) => `{ posts { ${'...on Post{title} '.repeat(n)} } }`),
  document(
    'inline fragments with relations beside each other',
    (n) => `{ posts { ${'...{author{name}} '.repeat(n)} } }`,
  ),
  document(
    'inline fragments with relations beside each other, twice nested',
    (n) => `{ posts { ${'...{author{...{name}}} '.repeat(n)} } }`,
  ),
  document(
    'one field, many times in many levels',
    (n) => `{ posts { ${'author { posts { author { name } } } '.repeat(n)} } }`,
  ),
  document('two of each on each level', (n) => `{ posts { ${twice(Math.log2(n + 1))} } }`),
  document('the same leaf', (n) => `{ posts { ${'title '.repeat(n)} } }`),
  document(
    'the same field with its arguments',
    (n) => `{ ${'posts(filters: { title: { in: ["a", "b", "c", "d"] } }) { title } '.repeat(n)} }`,
  ),
  document(
    'the same field with a huge argument',
    (n) => `{ ${`posts(sort: "${'x'.repeat(n)}") { title } `.repeat(40)} }`,
  ),
  document(
    'fields that conflict',
    (n) => `{ posts { ${times(n, (i) => `a: ${['title', 'content', 'slug'][i % 3]}`)} } }`,
  ),
  document(
    'fields that conflict below',
    (n) => `{ posts { ${times(n, (i) => `author { a: ${['name', 'bio', 'documentId'][i % 3]} }`)} } }`,
  ),
  document(
    'fragments that conflict',
    (n) =>
      `{ posts { ${times(n, (i) => `...F${i}`)} } } ${times(n, (i) => `fragment F${i} on Post { a: ${['title', 'content', 'slug'][i % 3]} }`)}`,
  ),
  document(
    'a handful of fragments of many fields beside each other',
    (n) =>
      `{ posts { ${times(12, (i) => `...F${i}`)} } } ${times(12, (i) => `fragment F${i} on Post { ${times(n / 12, (j) => `a${j}: title`)} }`)}`,
  ),
  document('aliases', (n) => `{ posts { ${times(n, (i) => `a${i}: title`)} } }`),
  document('root fields', (n) => `{ ${times(n, (i) => `a${i}: posts { title }`)} }`),
  document('unknown fields', (n) => `{ posts { ${times(n, (i) => `titl${i}`)} } }`),
  document('unknown root fields of long names', (n) => `{ ${times(50, (i) => `${'x'.repeat(n)}${i}`)} }`),
  document('unknown arguments', (n) => `{ posts(${times(n, (i) => `filter${i}: 1`)}) { title } }`),
  document('unknown names in values', (n) => `{ posts(filters: { ${times(n, (i) => `titl${i}: 1`)} }) { title } }`),
  document('unknown types', (n) => `{ ${times(n, (i) => `...on Pos${i} { title }`)} }`),
  document('unknown types of variables', (n) => `query (${times(n, (i) => `$v${i}: Post${i}`)}) { __typename }`),
  document('unknown fragments', (n) => `{ posts { ${times(n, (i) => `...F${i}`)} } }`),
  document('unknown directives', (n) => `{ posts { ${times(n, (i) => `a${i}: title @skp${i}`)} } }`),
  document('directives', (n) => `{ __typename ${'@skip(if: false) '.repeat(n)} }`),
  document('a directive for each', (n) => `{ posts { ${times(n, () => 'title @skip(if: false)')} } }`),
  document('variables', (n) => `query (${times(n, (i) => `$v${i}: Int`)}) { __typename }`),
  document(
    'variables that are used',
    (n) => `query (${times(n, (i) => `$v${i}: String`)}) { posts(sort: [${times(n, (i) => `$v${i}`)}]) { title } }`,
  ),
  document('variables of one name', (n) => `query (${times(n, () => '$v: String')}) { posts(sort: [$v]) { title } }`),
  document('variables that are not declared', (n) => `{ posts(sort: [${times(n, (i) => `$v${i}`)}]) { title } }`),
  document(
    'default values',
    (n) => `query (${times(n, (i) => `$v${i}: PostFiltersInput = { title: { eq: "a" } }`)}) { __typename }`,
  ),
  document(
    'a default value that is large',
    (n) => `query ($v: [String] = [${times(n, () => '"a"')}]) { posts(sort: $v) { title } }`,
  ),
  document(
    'a filter that is large',
    (n) => `{ posts(filters: { or: [${times(n, () => '{ title: { eq: "a" } }')}] }) { title } }`,
  ),
  document(
    'a filter of variables that is large',
    (n) => `query ($v: String) { posts(filters: { or: [${times(n, () => '{ title: { eq: $v } }')}] }) { title } }`,
  ),
  document('wrong values', (n) => `{ posts(sort: [${times(n, () => '1')}]) { title } }`),
  document('wrong objects', (n) => `{ posts(sort: [${times(n, () => '{ a: 1 }')}]) { title } }`),
  document('operations', (n) => `${times(n, (i) => `query Q${i} { __typename }`)}`, { operationName: 'Q1' }),
  document('operations of one name', (n) => `${times(n, () => 'query Q { __typename }')}`, { operationName: 'Q' }),
  document('operations without name', (n) => '{ __typename } '.repeat(n)),
  document(
    'operations that spread the same fragments',
    (n) =>
      `${times(Math.sqrt(n), (i) => `query Q${i}($v: String) { ...F0 }`)} ${times(Math.sqrt(n), (i) => `fragment F${i} on Query { a${i}: posts(sort: [$v]) { title } ...F${i + 1} }`)} fragment F${Math.ceil(Math.sqrt(n))} on Query { __typename }`,
    { operationName: 'Q1' },
  ),
  document('fragments of one name', (n) => `{ posts { ...F } } ${times(n, () => 'fragment F on Post { title }')}`),
  document('subscriptions', (n) => `subscription { ${times(n, (i) => `a${i}: posts { title }`)} }`),
  document('definitions of types', (n) => times(n, (i) => `type T${i} { a: Int }`)),
  document(
    'introspection of everything',
    (n) => `{ __schema { types { ${times(n, (i) => `a${i}: name`)} fields { args { type { name } } } } } }`,
  ),
  document(
    'introspection in introspection',
    (n) => `{ __schema { types { ${nested(Math.min(n, 4), 'fields { type { ', 'name', ' } }')} } } }`,
  ),
  document(
    'introspection of one type, many times',
    (n) =>
      `{ ${times(n, (i) => `a${i}: __type(name: "Mutation") { fields { name args { name description type { name kind ofType { name } } } } }`)} }`,
  ),
  document(
    'the whole introspection many times',
    (n) =>
      `{ ${times(n, (i) => `a${i}: __schema { types { name description fields { name description args { name type { name kind ofType { name kind } } } } } }`)} }`,
  ),
  document(
    'introspection of arguments under many names',
    (n) => `{ __schema { types { fields { args { ${times(n, (i) => `a${i}: name`)} } } } } }`,
  ),
  document(
    'introspection of types of fields of types',
    (n) => `{ __schema { types { fields { type { fields { type { ${times(n, (i) => `a${i}: name`)} } } } } } } }`,
  ),
  document('a comment', (n) => `{ __typename } #${'x'.repeat(n)}`),
  document('comments', (n) => `{ __typename } ${'#\n'.repeat(n)}`),
  document('commas', (n) => `{ __typename ${','.repeat(n)} }`),
  document('line breaks', (n) => `{ __typename ${'\n'.repeat(n)} } x`),
  document('many lines, and a fault in the last', (n) => `{ posts { title } ${'\r\n'.repeat(n)} ! }`),
  document('many lines, and many faults', (n) => `{ ${'\n'.repeat(n)} ${times(100, (i) => `x${i}`)} }`),
  document('a name', (n) => `{ ${'x'.repeat(n)} }`),
  document('a name that is right, and an alias that is long', (n) => `{ ${'x'.repeat(n)}: __typename }`),
  document('a string', (n) => `{ posts(sort: "${'x'.repeat(n)}") { title } }`),
  document('a string of escapes', (n) => `{ posts(sort: "${'\\n'.repeat(n)}") { title } }`),
  document('a string of Unicode escapes', (n) => `{ posts(sort: "${'\\u{1F600}'.repeat(n)}") { title } }`),
  document('a string of emojis', (n) => `{ posts(sort: "${'😀'.repeat(n)}") { title } }`),
  document('a block string', (n) => `{ posts(search: """${'x'.repeat(n)}""") { title } }`),
  document('a block string of lines', (n) => `{ posts(search: """${'\n'.repeat(n)}""") { title } }`),
  document('a block string of indented lines', (n) => `{ posts(search: """${'\n    x'.repeat(n)}""") { title } }`),
  document('a block string of quotes', (n) => `{ posts(search: """${'\\"""'.repeat(n)}""") { title } }`),
  document('a string without an end', (n) => `{ posts(sort: "${'x'.repeat(n)}`),
  document('a number', (n) => `{ posts(pagination: { limit: ${'1'.repeat(n)} }) { title } }`),
  document('a number for an ID', (n) => `{ post(documentId: ${'1'.repeat(n)}) { title } }`),
  document('a fraction', (n) => `{ posts(pagination: { limit: 1.${'1'.repeat(n)} }) { title } }`),
  document('lists in lists', (n) => `{ posts(sort: ${nested(n, '[', '', ']')}) { title } }`),
  document('objects in objects', (n) => `{ posts(filters: ${nested(n, '{not:', '{}', '}')}) { title } }`),
  document('types in types', (n) => `query ($v: ${nested(n, '[', 'Int', ']')}) { __typename }`),
  document('fields in fields', (n) => `${nested(n, '{a', '', '}')}`),
  document('open braces', (n) => '{a'.repeat(n)),
  document('tokens', (n) => `{ ${'a '.repeat(n)} }`),
  document('an operation of a name that is not there', () => '{ __typename }', {
    operationName: 'x'.repeat(1_000_000),
  }),
];

const VARIABLES: readonly Family[] = [
  variables('filters', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{"title":{"eq":"a"}}', ',')}]}}`),
  variables('filters that are empty', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{}', ',')}]}}`),
  variables('filters that are null', FILTERED, (n) => `{"f":{"or":[${times(n, () => 'null', ',')}]}}`),
  variables('filters without operators', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{"title":{}}', ',')}]}}`),
  variables(
    'filters of relations',
    FILTERED,
    (n) => `{"f":{"and":[${times(n, () => '{"author":{"name":{"eq":"a"}}}', ',')}]}}`,
  ),
  variables(
    'filters of many keys',
    FILTERED,
    (n) =>
      `{"f":{"or":[${times(n, () => '{"title":{"eq":"a","ne":"b","in":["c"],"contains":"d"},"slug":null,"content":null}', ',')}]}}`,
  ),
  variables('empty lists of filters', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{"or":[],"and":[]}', ',')}]}}`),
  variables(
    'filters in filters',
    FILTERED,
    (n) => `{"f":{"or":[${times(n, () => nested(30, '{"not":', '{}', '}'), ',')}]}}`,
  ),
  variables('lists in filters', FILTERED, (n) => `{"f":{"title":{"in":[${times(n, () => '"a"', ',')}]}}}`),
  variables('numbers in filters', FILTERED, (n) => `{"f":{"id":{"in":[${times(n, () => '1', ',')}]}}}`),
  variables(
    'dates in filters',
    FILTERED,
    (n) => `{"f":{"publishedAt":{"in":[${times(n, () => '"2020-01-01T00:00:00Z"', ',')}]}}}`,
  ),
  variables('wrong dates in filters', FILTERED, (n) => `{"f":{"publishedAt":{"in":[${times(n, () => '""', ',')}]}}}`),
  variables('a wrong value at the end', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{}', ',')},1]}}`),
  variables('unknown keys', FILTERED, (n) => `{"f":{${times(n, (i) => `"k${i}":1`, ',')}}}`),
  variables('unknown keys in a list', FILTERED, (n) => `{"f":{"or":[${times(n, (i) => `{"k${i}":1}`, ',')}]}}`),
  variables('keys that are numbers', FILTERED, (n) => `{"f":{${times(n, (i) => `"${i * 7}":1`, ',')}}}`),
  variables('keys of the prototype', FILTERED, (n) => `{"f":{"or":[${times(n, () => '{"__proto__":{}}', ',')}]}}`),
  variables('one key, many times', FILTERED, (n) => `{"f":{${times(n, () => '"title":null', ',')}}}`),
  variables('long keys', FILTERED, (n) => `{"f":{"${'k'.repeat(n)}":1}}`),
  variables('deep lists', FILTERED, (n) => `{"f":${nested(n, '[', '', ']')}}`),
  variables('deep objects', FILTERED, (n) => `{"f":${nested(n, '{"not":', 'null', '}')}}`),
  variables('variables that are not declared', '{ __typename }', (n) => `{${times(n, (i) => `"k${i}":1`, ',')}}`),
  variables('variables that are not declared, lists', '{ __typename }', (n) => `{"a":[${times(n, () => '[]', ',')}]}`),
  variables('variables that are not declared, deep', '{ __typename }', (n) => `{"a":${nested(n, '[', '', ']')}}`),
  variables('numbers', SORTED, (n) => `{"s":[${times(n, () => '1', ',')}]}`),
  variables('texts', SORTED, (n) => `{"s":[${times(n, () => '""', ',')}]}`),
  variables('nulls', SORTED, (n) => `{"s":[${times(n, () => 'null', ',')}]}`),
  variables('a sort of commas', SORTED, (n) => `{"s":${text(',')(n)}}`),
  variables('a long sort', SORTED, (n) => `{"s":${text('a')(n)}}`),
  variables(
    'a list used by many fields',
    `query ($s: [String]) { ${times(190, (i) => `a${i}: posts(sort: $s) { title }`)} }`,
    (n) => `{"s":[${times(n, () => '""', ',')}]}`,
  ),
  variables(
    'filters used by many fields',
    `query ($f: PostFiltersInput) { ${times(190, (i) => `a${i}: posts(filters: $f) { title }`)} }`,
    (n) => `{"f":{"or":[${times(n, () => '{"title":{"eq":"a"}}', ',')}]}}`,
  ),
  variables(
    'a text used by many fields',
    `query ($s: String) { ${times(190, (i) => `a${i}: posts(filters: { title: { eq: $s } }) { title }`)} }`,
    (n) => `{"s":${text('a')(n)}}`,
  ),
  variables('blanks to look for', 'query ($s: String) { posts(search: $s) { title } }', (n) => `{"s":${text(' ')(n)}}`),
  variables('a text to look for', 'query ($s: String) { posts(search: $s) { title } }', (n) => `{"s":${text('%')(n)}}`),
  variables('a documentId', 'query ($s: ID!) { post(documentId: $s) { title } }', (n) => `{"s":${text('a')(n)}}`),
  variables(
    'a number of many digits',
    'query ($s: ID!) { post(documentId: $s) { title } }',
    (n) => `{"s":1${'1'.repeat(n)}}`,
  ),
  variables(
    'a number of many digits for Int',
    'query ($s: Int) { posts(pagination: { limit: $s }) { title } }',
    (n) => `{"s":1${'1'.repeat(n)}}`,
  ),
  variables(
    'a text for Int',
    'query ($s: Int) { posts(pagination: { limit: $s }) { title } }',
    (n) => `{"s":${text('1')(n)}}`,
  ),
  variables('escapes', SORTED, (n) => `{"s":"${'\\u0061'.repeat(n)}"}`),
  variables('half surrogates', SORTED, (n) => `{"s":"${'a'.repeat(n)}\\ud800"}`),
  ...['a', ' ', '@', '.', 'a@', 'a.', '-', 'é', '\u0301', '\u200b', 'ß', 'İ', 'Σ', '😀', '\uFDFA'].flatMap(
    (character) => [
      variables(
        `login with an identifier of ${JSON.stringify(character)}`,
        LOGIN,
        (n) => `{"i":{"identifier":${text(character)(n)},"password":"a"}}`,
      ),
      variables(
        `register with an e-mail of ${JSON.stringify(character)}`,
        REGISTER,
        (n) => `{"i":{"username":"abc","password":"a good password","email":${text(character)(n)}}}`,
      ),
      variables(
        `register with a username of ${JSON.stringify(character)}`,
        REGISTER,
        (n) => `{"i":{"email":"a@b.example","password":"a good password","username":${text(character)(n)}}}`,
      ),
      variables(
        `register with a password of ${JSON.stringify(character)}`,
        REGISTER,
        (n) => `{"i":{"email":"a@b.example","username":"abc","password":${text(character)(n)}}}`,
      ),
    ],
  ),
  variables('a password', LOGIN, (n) => `{"i":{"identifier":"a","password":${text('a')(n)}}}`),
  variables('a provider', LOGIN, (n) => `{"i":{"identifier":"a","password":"a","provider":${text('a')(n)}}}`),
  variables(
    'a mailed code',
    'mutation ($s: String!) { resetPassword(code: $s, password: "a good password", passwordConfirmation: "a good password") { jwt } }',
    (n) => `{"s":${text('a')(n)}}`,
  ),
  variables(
    'a confirmation',
    'mutation ($s: String!) { emailConfirmation(confirmation: $s) { jwt } }',
    (n) => `{"s":${text('a')(n)}}`,
  ),
  variables(
    'a forgotten password',
    'mutation ($s: String!) { forgotPassword(email: $s) { ok } }',
    (n) => `{"s":${text('a@a.')(n)}}`,
  ),
  variables(
    'a refresh token',
    'mutation ($s: String) { refresh(refreshToken: $s) { jwt } }',
    (n) => `{"s":${text('a')(n)}}`,
  ),
  variables('a post', CREATE, (n) => `{"d":{"title":${text('a')(n)}}}`),
  variables('a post with a slug', CREATE, (n) => `{"d":{"title":"a","slug":${text('a')(n)}}}`),
  variables('a post with tags', CREATE, (n) => `{"d":{"title":"a","tags":[${times(n, (i) => `"${i}"`, ',')}]}}`),
  variables('a post with unknown columns', CREATE, (n) => `{"d":{${times(n, (i) => `"k${i}":1`, ',')}}}`),
];

const BODIES: readonly Family[] = [
  { name: 'no JSON', body: (n) => '{'.repeat(n) },
  { name: 'no JSON, deep', body: (n) => '[{"a":'.repeat(n) },
  { name: 'a list', body: (n) => `[${times(n, () => '1', ',')}]` },
  { name: 'a deep list', body: (n) => nested(n, '[', '', ']') },
  { name: 'a batch', body: (n) => `[${times(n, () => '{"query":"{__typename}"}', ',')}]` },
  { name: 'a text', body: text('a') },
  { name: 'unknown parameters', body: (n) => `{"query":"{__typename}",${times(n, (i) => `"k${i}":1`, ',')}}` },
  { name: 'deep extensions', body: (n) => `{"query":"{__typename}","extensions":{"a":${nested(n, '[', '', ']')}}}` },
  {
    name: 'extensions of many keys',
    body: (n) => `{"query":"{__typename}","extensions":{${times(n, (i) => `"k${i}":1`, ',')}}}`,
  },
  {
    name: 'variables that are a list',
    body: (n) => `{"query":"{__typename}","variables":[${times(n, () => '1', ',')}]}`,
  },
  { name: 'variables that are a text', body: (n) => `{"query":"{__typename}","variables":${text('{')(n)}}` },
  { name: 'a query of numbers', body: (n) => `{"query":[${times(n, () => '1', ',')}]}` },
  { name: 'blanks', body: (n) => `${' '.repeat(n)}{"query":"{__typename}"}` },
];

export const FAMILIES: readonly Family[] = [...DOCUMENTS, ...VARIABLES, ...BODIES];

/** The sizes of a family that are worth a try: each about three times the one before, and the largest that is a body. */
export function bodiesOf({ body }: Family): { readonly size: number; readonly body: string }[] {
  const bodies: { size: number; body: string }[] = [];
  let most = 1;
  for (let size = 40; size <= MAX_BODY; size *= 4) {
    const made = body(size);
    if (Buffer.byteLength(made) > MAX_BODY) break;
    most = size;
    bodies.push({ size, body: made });
  }
  // Between the last that fits and the first that does not.
  let over = most * 4;
  while (over - most > most / 5 + 1) {
    const size = Math.floor((most + over) / 2);
    if (Buffer.byteLength(body(size)) <= MAX_BODY) most = size;
    else over = size;
  }
  return [...bodies, { size: most, body: body(most) }];
}

/** Levels of two fields of one name each. */
function twice(levels: number): string {
  if (levels <= 1) return 'title';
  const inner = levels <= 2 ? 'name' : `posts { ${twice(levels - 2)} } posts { ${twice(levels - 2)} }`;
  return `author { ${inner} } author { ${inner} }`;
}
