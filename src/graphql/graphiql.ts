/** What GraphiQL shows to who opens it for the first time. */
export interface Graphiql {
  readonly title: string;
  readonly defaultQuery: string;
}

export const PUBLIC_GRAPHIQL: Graphiql = {
  title: 'Gatehouse',
  defaultQuery: `# Welcome to Gatehouse. Press Ctrl-Enter to run this as nobody in particular (the Public role).
{
  posts {
    title
    author { name }
    category { name }
  }
}

# To be somebody, log in (the start message names the demo users) and set the header
#   { "Authorization": "Bearer <jwt>" }
`,
};

export const ADMIN_GRAPHIQL: Graphiql = {
  title: 'Gatehouse administration',
  defaultQuery: `# The administration. Log in (the start message names the first administrator):
mutation {
  login(email: "admin@example.com", password: "") {
    jwt
  }
}

# and set the header   { "Authorization": "Bearer <jwt>" }   for the rest:
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
