import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Head } from '../audit/verify.ts';
import { type AddCommands, CommandRefused } from './command.ts';

/** The audit log. */
export const addAuditCommands: AddCommands = (program, run) => {
  const group = program.command('audit').description('The audit log');

  group
    .command('verify')
    .description('Find entries that were altered, removed or reordered')
    .option(
      '--head <number:hash>',
      'what an earlier verify printed: also finds a log that was rewritten as a whole',
      headIn,
    )
    .action(({ head: kept }) =>
      run(async ({ database }) => {
        const { verifyAudit } = await import('../audit/verify.ts');
        const { entries, head, findings } = await verifyAudit(database.query, kept);
        if (findings.length > 0) {
          throw new CommandRefused(['The audit log is not as it was written:', ...findings].join('\n'));
        }
        return [
          `${entries === 1 ? '1 entry is' : `${entries} entries are`} as written. The log ends with ${head.id}:${head.hash}`,
          'Keep that line in another place and pass it to --head the next time: a log that was rewritten as a whole differs there.',
        ].join('\n');
      }),
    );
};

function headIn(text: string): Head {
  const [, id, hash] = /^(\d+):([\da-f]{64})$/.exec(text) ?? [];
  if (id === undefined || hash === undefined) {
    throw new InvalidArgumentError('Expected the number and the hash that an earlier verify printed.');
  }
  return { id: Number(id), hash };
}
