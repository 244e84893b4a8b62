import { type AddCommands, CommandRefused } from './command.ts';

/** The tables of an existing database as content types. It opens no server: the database need not be one of Gatehouse. */
export const addAdoptCommand: AddCommands = (program, _run, print) => {
  program
    .command('adopt')
    .description('Write models and content types for the tables of an existing PostgreSQL database, which is only read')
    .argument('[url]', 'the database; default: DATABASE_URL')
    .option('--plan', 'only print what would be written, and what would be left out')
    .option('--replace', 'replace the models that are there')
    .option('--into <folder>', 'the folder of the project', '.')
    .action(async (url, { plan = false, replace = false, into }) => {
      const { adopt } = await import('../adopt/adopt.ts');
      const { environment } = await import('../config/environment.ts');
      const { DATABASE_URL, GATEHOUSE_SCHEMA: ownSchema } = environment();
      const database = url ?? DATABASE_URL;
      if (!database) throw new CommandRefused('Name the database: its URL as an argument, or DATABASE_URL');
      print(`${inWords(await adopt(database, { project: into, plan, replace, ownSchema }), plan)}\n`);
    });
};

type Adopted = Awaited<ReturnType<typeof import('../adopt/adopt.ts').adopt>>;

function inWords({ files, written, kept, removed, leftOut }: Adopted, isPlan: boolean): string {
  return [
    `${files.length} ${files.length === 1 ? 'table becomes a content type' : 'tables become content types'}. The database was only read.`,
    ...list(isPlan ? 'Would be written:' : 'Written:', written),
    ...list('Content files that are there already, and stay as they are:', kept),
    ...list(
      isPlan ? 'Would be removed, because their models are gone:' : 'Removed, because their models are gone:',
      removed,
    ),
    ...list('Left out:', leftOut),
    ...(isPlan ? [] : ['', 'Next: npm run migrate:new -- adopted --existing']),
  ].join('\n');
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', title, ...lines.map((line) => `  ${line}`)] : [];
}
