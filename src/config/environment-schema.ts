import { z } from 'zod';
import { type About, aboutVariable } from './variable.ts';
import { accountVariables } from './variables/accounts.ts';
import { databaseVariables } from './variables/database.ts';
import { graphqlVariables } from './variables/graphql.ts';
import { aboutLoginProviderVariables, loginVariables } from './variables/login-providers.ts';
import { mailVariables } from './variables/mail.ts';
import { movingInVariables } from './variables/moving-in.ts';
import { passkeyVariables } from './variables/passkeys.ts';
import { serverVariables } from './variables/server.ts';
import { telemetryVariables } from './variables/telemetry.ts';

/** Every variable of the environment and how it is read. Some have another default in production, or are required there. */
export function environmentSchema(production: boolean) {
  return z.object({
    ...serverVariables(),
    ...databaseVariables(),
    ...accountVariables(production),
    ...loginVariables(),
    ...passkeyVariables(),
    ...mailVariables(),
    ...movingInVariables(),
    ...graphqlVariables(),
    ...telemetryVariables(),
  });
}

/** The names of all variables. */
export function variableNames(): readonly string[] {
  return Object.keys(environmentSchema(false).shape);
}

/** All variables in groups, with what people read about them. */
export function aboutVariables(): readonly VariableGroup[] {
  const groups = {
    Server: serverVariables(),
    Database: databaseVariables(),
    Accounts: accountVariables(false),
    'Login providers': { ...loginVariables(), ...aboutLoginProviderVariables() },
    Passkeys: passkeyVariables(),
    Mail: mailVariables(),
    'Moving in from Strapi': movingInVariables(),
    GraphQL: graphqlVariables(),
    'Log, metrics and traces': telemetryVariables(),
  };
  return Object.entries(groups).map(([title, variables]) => ({
    title,
    variables: Object.entries<z.ZodType>(variables).map(([name, schema]) => {
      const about = aboutVariable(schema);
      if (!about) throw new Error(`${name} has no description`);
      return { name, ...about };
    }),
  }));
}

export interface VariableGroup {
  readonly title: string;
  readonly variables: readonly (About & { readonly name: string })[];
}
