import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Link } from 'wouter';
import { Failure } from '../../api/failure.ts';
import { useData } from '../../api/hooks.ts';
import { usePreferences } from '../../app/preferences.tsx';
import { SeenUserDocument } from '../../generated/graphql.ts';
import { Button, ButtonLink } from '../../ui/button.tsx';
import { goTo } from '../../ui/leave-guard.ts';
import { Empty, FailureNotice, Loading, Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SelectField } from '../../ui/select.tsx';
import { type Column, Table } from '../../ui/table.tsx';
import { useWords } from '../../words/words.ts';
import { type AskedList, askAsUser, type SeenList } from './ask-as-user.ts';
import { totalOf } from './content-data.ts';
import {
  type ContentField,
  type ContentType,
  chosenColumns,
  NUMBER_KINDS,
  type Related,
  type Row,
  titleOf,
} from './content-type.ts';
import { listDocument } from './documents.ts';
import { isSortable, useListAddress, variablesOf } from './list-address.ts';
import { ListPages } from './list-pages.tsx';
import { ListToolbar } from './list-toolbar.tsx';
import { shortened } from './text.ts';
import { ValueView } from './value-view.tsx';
import { pickOf } from './values.ts';

interface ListAsUserProps {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  /** The documentId of the user. */
  readonly user: string;
}

/** The table of a content type as a user would see it. Nothing can be changed here, and no page leads to more than the user sees. */
export function ContentListAsUser({ type, types, user }: ListAsUserProps): ReactNode {
  const { content, common } = useWords();
  const preferences = usePreferences();
  const address = useListAddress(type);
  const fields = useMemo(
    () => chosenColumns(type, preferences.columns[`content/${type.name}`]),
    [type, preferences.columns],
  );
  // The usual order may be by a column that the user cannot sort by.
  const sort = new URLSearchParams(address.search).has('sort') ? address.sort : '';
  const variables = useMemo(
    () => variablesOf(type, types, { ...address, sort }, new Date()),
    [type, types, address.search, sort],
  );
  const { seen, failure, loading, reload } = useSeenList({ user, type, types, fields, variables });
  const who = useData(SeenUserDocument, { user }).data?.user;
  const name = who?.username ?? user;
  const info = seen?.list.pageInfo;
  const rows = seen?.list.nodes ?? [];
  const isNarrowed = address.text !== '' || address.conditions.length > 0;
  const isRefused = failure instanceof Failure && failure.code === 'FORBIDDEN';
  const columns = fields.map(
    (field): Column<Row> => ({
      key: field.name,
      title: field.label,
      sortable: isSortable(field, types) && !seen?.hidden.has(field.name),
      number: NUMBER_KINDS.includes(field.kind),
      cell: (row) =>
        seen?.hidden.has(field.name) ? (
          <span className="soft">{content.hiddenColumn}</span>
        ) : (
          <SeenValue field={field} row={row} type={type} types={types} />
        ),
    }),
  );
  return (
    <Page
      title={type.pluralLabel}
      parent={{ title: name, to: `/users/${user}` }}
      about={info && content.count(info.total, type.label, type.pluralLabel)}
      actions={
        <>
          <Button icon="refresh" onClick={reload} busy={loading}>
            {content.reload}
          </Button>
          <ButtonLink icon="eye" to={`/content/${type.name}`}>
            {content.seeAsAdministrator}
          </ButtonLink>
        </>
      }
    >
      <div className="stack">
        <Notice kind="warn" role="status">
          <p>
            <strong className="breaks">{content.seenAs(name)}</strong> {content.seenAsAbout}
          </p>
          {who?.blocked && <p>{content.seenAsBlocked}</p>}
        </Notice>
        <div className="content-as-type">
          <SelectField
            label={content.type}
            options={types
              .filter(({ many }) => many)
              .map(({ name: value, pluralLabel }) => ({ value, label: pluralLabel }))}
            value={type.name}
            onChange={(next) => goTo(`/content/${next}?as=${user}`)}
          />
        </div>
        <ListToolbar
          type={type}
          types={types}
          address={address}
          narrow={address.set}
          fields={fields}
          exported={{ fields: fields.filter((field) => !seen?.hidden.has(field.name)), rows }}
          request={{ document: seen?.document ?? listDocument(type, fields, types) ?? '', variables }}
        />
        {isRefused && (
          <Empty
            title={content.seenNothing(name, type.pluralLabel)}
            action={<Link to={`/users/${user}/permissions`}>{content.seenWhy}</Link>}
          >
            {content.seenNothingAbout}
          </Empty>
        )}
        {!isRefused && <FailureNotice failure={failure} />}
        {failure !== undefined && !isRefused && <Button onClick={reload}>{common.retry}</Button>}
        {!seen && failure === undefined && <Loading />}
        {info?.total === 0 && (
          <Empty title={isNarrowed ? content.noMatch : content.seenNone(name, type.pluralLabel)}>
            {isNarrowed ? content.noMatchAbout : content.seenNoneAbout}
          </Empty>
        )}
        {info && info.total > 0 && (
          <>
            <div className="content-list" aria-busy={loading}>
              <Table
                label={type.pluralLabel}
                columns={columns}
                rows={rows}
                idOf={({ documentId }) => documentId}
                nameOf={(row) => shortened(titleOf(type, row), 60)}
                sort={sort}
                onSort={(next) => address.set({ sort: next })}
              />
            </div>
            <ListPages info={info} address={address} />
          </>
        )}
      </div>
    </Page>
  );
}

/** A value without a way to the document behind it, which an administrator would see as a whole. */
function SeenValue(props: {
  readonly field: ContentField;
  readonly row: Row;
  readonly type: ContentType;
  readonly types: readonly ContentType[];
}): ReactNode {
  const { content } = useWords();
  const { field, row } = props;
  const value = row[field.name];
  if (field.kind === 'RELATION_TO_MANY') return content.related(totalOf(row, field.name));
  if (field.kind !== 'RELATION_TO_ONE' || value === null || value === undefined) return <ValueView {...props} />;
  return <span dir="auto">{shortened(pickOf(value as Related).label, 80)}</span>;
}

interface Seen {
  readonly seen: SeenList | undefined;
  readonly failure: unknown;
  readonly loading: boolean;
  reload(): void;
}

/** What was answered last for this user and type stays in view until the next answer. */
function useSeenList({ user, type, types, fields, variables }: AskedList): Seen {
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<{ readonly seen?: SeenList; readonly failure?: unknown }>({});
  const [loading, setLoading] = useState(true);
  useEffect(() => {
    let isCurrent = true;
    setLoading(true);
    askAsUser({ user, type, types, fields, variables })
      .then(
        (seen) => isCurrent && setAnswer({ seen }),
        (failure: unknown) => isCurrent && setAnswer({ failure }),
      )
      .finally(() => isCurrent && setLoading(false));
    return () => {
      isCurrent = false;
    };
  }, [user, type, types, fields, variables, turn]);
  return { seen: answer.seen, failure: answer.failure, loading, reload: () => setTurn((before) => before + 1) };
}
