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

export function publicGraphiql({ identifier, password }: Login): Graphiql {
  return {
    title: 'Gatehouse',
    defaultQuery: `# Welcome to Gatehouse. Press Ctrl-Enter in an operation to run it.
# Without a token you have the Public role.
query Posts {
  posts {
    title
    author { name }
    category { name }
  }
}

# Log in, then paste the token into the Headers tab:
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

export function adminGraphiql({ identifier, password }: Login): Graphiql {
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
