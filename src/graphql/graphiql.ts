import type { ContentType } from './content-type/content-type.ts';

/** What GraphiQL shows when it is first opened: operations that run as they are. */
export interface Graphiql {
  readonly title: string;
  readonly defaultQuery: string;
}

/** The account in the example. Everyone who opens the page can read it, so only demo accounts have a password here. */
export interface Login {
  readonly identifier: string;
  readonly password: string;
}

const NO_LOGIN: Login = { identifier: '', password: '' };

/** Example operations for `/graphql`: a list of one content type, a login, and `me`. */
export function publicGraphiql(types: readonly ContentType[], { identifier, password }: Login = NO_LOGIN): Graphiql {
  const list = exampleList(types);
  return {
    title: 'Gatehouse',
    defaultQuery: `# Welcome to Gatehouse. Press Ctrl-Enter in an operation to run it.
${list ? `# Without a token you have the Public role.\n${list}\n` : ''}# Log in, then paste the token into the Headers tab:
#   { "Authorization": "Bearer <jwt>" }
mutation LogIn {
  login(input: { identifier: ${JSON.stringify(identifier)}, password: ${JSON.stringify(password)} }) {
    jwt
    user { username }
  }
}

query Me {
  me {
    username
    email
    role { name }
  }
}
`,
  };
}

/** A query of one content type, preferably one with to-one relations; undefined without content types. */
function exampleList(types: readonly ContentType[]): string | undefined {
  const lists = types.filter(({ kind, relatedOnly }) => kind === 'collection' && !relatedOnly);
  const type = lists.find((one) => relatedTo(one, types).length > 0) ?? lists[0];
  if (!type) return undefined;
  const related = relatedTo(type, types).map(({ name, target }) => `    ${name} { ${nameIn(target)} }\n`);
  const operation = `${type.plural.charAt(0).toUpperCase()}${type.plural.slice(1)}`;
  return `query ${operation} {\n  ${type.plural} {\n    ${nameIn(type)}\n${related.join('')}  }\n}\n`;
}

function relatedTo({ read }: ContentType, types: readonly ContentType[]) {
  return read.flatMap((member) => {
    const target = member.kind === 'relation' && !member.many && types.find(({ model }) => model === member.target);
    return target ? [{ name: member.name, target }] : [];
  });
}

/** The column most likely to be a title: the first String. */
function nameIn({ read, documentId }: ContentType): string {
  const text = read.find((member) => member.kind === 'column' && member.type === 'String');
  return (text ?? documentId).name;
}

export function adminGraphiql({ identifier, password }: Login = NO_LOGIN): Graphiql {
  return {
    title: 'Gatehouse administration',
    defaultQuery: `# Gatehouse administration. Press Ctrl-Enter in an operation to run it. Log in first:
mutation LogIn {
  login(email: ${JSON.stringify(identifier)}, password: ${JSON.stringify(password)}) {
    jwt
  }
}

# Then paste the token into the Headers tab:
#   { "Authorization": "Bearer <jwt>" }
query Roles {
  roles {
    documentId
    name
    version
    permissions
  }
  actions {
    label
    actions { action label writes }
  }
}
`,
  };
}
