/** What GraphiQL shows to who opens it for the first time: operations that run as they stand. */
export interface Graphiql {
  readonly title: string;
  readonly defaultQuery: string;
}

/** Somebody to log in as. Everybody who opens the page reads it: of what is no demonstration, the password stays empty. */
export interface Login {
  readonly identifier: string;
  readonly password: string;
}

export function publicGraphiql({ identifier, password }: Login): Graphiql {
  return {
    title: 'Gatehouse',
    defaultQuery: `# Welcome to Gatehouse. Press Ctrl-Enter in one of these to run it.
# Without a token you are nobody in particular: you have the Public role.
query Posts {
  posts {
    title
    author { name }
    category { name }
  }
}

# To be somebody, log in, and write the token into the tab Headers:
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
    defaultQuery: `# The administration. Press Ctrl-Enter in one of these to run it. First log in:
mutation LogIn {
  login(email: ${JSON.stringify(identifier)}, password: ${JSON.stringify(password)}) {
    jwt
  }
}

# Then write the token into the tab Headers, for the rest:
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
