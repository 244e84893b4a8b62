import type { AdministrationServices } from '../../administration/administration.ts';
import type { Database } from '../../database/open.ts';
import type { ContentType } from '../../graphql/content-type/content-type.ts';
import { planContent } from './content/plan-content.ts';
import { writeContent } from './content/write-content.ts';
import type { ContentToImport } from './import-strapi.ts';
import type { StrapiProject } from './project.ts';

/** What the content of a project is planned and written with. */
export interface ContentPlace {
  readonly gatehouse: {
    readonly contentTypes: readonly ContentType[];
    readonly administration: Pick<AdministrationServices, 'clock'>;
  };
  readonly database: Pick<Database, 'models' | 'query'>;
  readonly report: (line: string) => void;
}

/** Plans the content of a project for the ids of the users who are imported with it. */
export function contentOf(
  project: StrapiProject,
  { gatehouse, database: { models, query }, report }: ContentPlace,
): (users: ReadonlySet<number>) => Promise<ContentToImport> {
  const { contentTypes, administration } = gatehouse;
  return async (users) => {
    const plan = await planContent(project, { contentTypes, models, query, users });
    return {
      plan,
      async write(transaction) {
        const counts = await writeContent(transaction, {
          source: project.source,
          plan,
          models,
          now: administration.clock(),
          onProgress: onEach(1_000, (written, total) => report(`${written} of ${total} documents`)),
        });
        return [...counts.values()].reduce((sum, count) => sum + count, 0);
      },
    };
  };
}

/** Calls back at each thousand, and at the end. */
function onEach(
  step: number,
  call: (written: number, total: number) => void,
): (written: number, total: number) => void {
  let last = 0;
  return (written, total) => {
    if (written - last < step && (written < total || written === last)) return;
    last = written;
    call(written, total);
  };
}
