import { failureOfErrors, type GivenError } from '../../api/failure.ts';
import { ask } from '../../api/hooks.ts';
import { ContentAsUserDocument } from '../../generated/graphql.ts';
import type { Listed, ListVariables } from './content-data.ts';
import type { ContentField, ContentType } from './content-type.ts';
import { listDocument } from './documents.ts';

/** A page of a list as a user gets it. */
export interface SeenList {
  readonly list: NonNullable<Listed['list']>;
  /** The columns that the user cannot read. */
  readonly hidden: ReadonlySet<string>;
  /** What was asked, without these columns. */
  readonly document: string;
}

export interface AskedList {
  readonly user: string;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly fields: readonly ContentField[];
  readonly variables: ListVariables;
}

/**
 * Asks for a page of a list as a user. A column that the user cannot read is refused, and takes the whole page with it where it is
 * never null: then it is asked again without this column.
 *
 * @throws Failure FORBIDDEN where the user has no permission to find the type.
 */
export async function askAsUser({ user, type, types, fields, variables }: AskedList): Promise<SeenList> {
  const hidden = new Set<string>();
  for (;;) {
    const shown = fields.filter(({ name }) => !hidden.has(name));
    const titled = hidden.has(type.title) ? { ...type, title: 'documentId' } : type;
    const document = listDocument(titled, shown, types) ?? '';
    const { contentAsUser } = await ask(ContentAsUserDocument, { user, query: document, variables });
    const errors = (contentAsUser?.errors ?? []) as readonly GivenError[]; // those of GraphQL, as JSON
    const refused = errors.flatMap((error) => columnRefusedBy(error) ?? []).filter((name) => !hidden.has(name));
    for (const name of refused) hidden.add(name);
    const list = (contentAsUser?.data as Listed | null | undefined)?.list; // the document asks for it
    if (list) return { list, hidden, document };
    if (refused.length === 0) throw failureOfErrors(errors);
  }
}

/** The column of a refused value: `list.nodes.3.owner.title` is one of `owner`. */
function columnRefusedBy({ path, extensions }: GivenError): string | undefined {
  const [list, nodes, , column] = path ?? [];
  if (extensions?.code !== 'FORBIDDEN' || list !== 'list' || nodes !== 'nodes') return undefined;
  return typeof column === 'string' ? column.replace(/_connection$/, '') : undefined;
}
