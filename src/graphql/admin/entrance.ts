import { type Entrance, entranceOf } from '../../accounts/entrance.ts';
import type { Builder } from '../builder.ts';
import type { AdminServices } from './services.ts';

/** Adds `entrance`: what the page to log in has to know before anybody has. */
export function addEntrance(builder: Builder, { accounts, firstNeedsCode }: AdminServices): void {
  const demo = builder.objectRef<NonNullable<Entrance['demo']>>('DemoLogin').implement({
    description: 'The login of the demo administrator.',
    fields: (t) => ({
      email: t.exposeString('email', { nullable: false, description: 'The e-mail address of the demo administrator.' }),
      password: t.exposeString('password', { nullable: false, description: 'The public password of development.' }),
    }),
  });
  const entrance = builder.objectRef<Entrance>('Entrance').implement({
    description: 'What a page to log in has to know.',
    fields: (t) => ({
      needsFirstAdministrator: t.exposeBoolean('needsFirstAdministrator', {
        nullable: false,
        description: 'Whether there is no administrator yet: `registerFirstAdmin` creates the first.',
      }),
      needsCode: t.exposeBoolean('needsCode', {
        nullable: false,
        description: 'Whether `registerFirstAdmin` needs the code that the server printed at start.',
      }),
      demo: t.expose('demo', {
        type: demo,
        nullable: true,
        description: 'The demo administrator; in development only, while the password is the public one.',
      }),
      minPasswordLength: t.exposeInt('minPasswordLength', {
        nullable: false,
        description: 'Minimum length of a new password of an administrator.',
      }),
    }),
  });
  builder.queryField('entrance', (t) =>
    t.field({
      type: entrance,
      nullable: true,
      description: 'What a page to log in has to know before anybody has logged in.',
      authScopes: { action: 'auth.entrance' },
      resolve: () => entranceOf(accounts, { firstNeedsCode }),
    }),
  );
}
