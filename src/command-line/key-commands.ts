import { type AddCommands, CommandRefused } from './command.ts';
import { table } from './table.ts';

/** The keys that sign tokens of users, where TOKEN_ALGORITHM is ES256 or EdDSA. */
export const addKeyCommands: AddCommands = (program, run) => {
  const group = program.command('keys').description('The keys that sign tokens of users');

  group
    .command('list')
    .description('List the published keys')
    .action(() =>
      run(async ({ gatehouse }) => {
        const { stateOf } = await import('../authentication/signing-keys/key-times.ts');
        const { signingKeys, clock } = gatehouse.administration;
        const keys = await signingKeys.list();
        if (keys.length === 0) return 'There are no keys.';
        return table([
          ['key', 'algorithm', 'created', 'state'],
          ...keys.map((key) => [key.kid, key.algorithm, key.createdAt.toISOString(), stateOf(key, clock())]),
        ]);
      }),
    );

  group
    .command('rotate')
    .description('Publish the next key. It signs ten minutes later')
    .action(() =>
      run(async ({ gatehouse, by }) => {
        const key = await gatehouse.administration.signingKeys.rotate(by.actor);
        if (!key) throw new CommandRefused('TOKEN_ALGORITHM is HS256: a secret signs, and no key. Change JWT_SECRET.');
        return `The key ${key.kid} is published and signs from ${key.signsFrom.toISOString()}.`;
      }),
    );

  group
    .command('revoke')
    .description('Revoke a key at once: every token that it signed is refused')
    .argument('<kid>', 'the key, as list shows it')
    .action((kid) =>
      run(async ({ gatehouse, by }) => {
        const { signingKeys } = gatehouse.administration;
        if (!(await signingKeys.revoke(by.actor, kid))) throw new CommandRefused('There is no such key.');
        return `The key ${kid} is revoked. Services that keep published keys accept it for up to five more minutes.`;
      }),
    );
};
