import { type ReactNode, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { useWords } from '../../words/words.ts';
import { ColumnsDialog } from './columns-dialog.tsx';
import type { ListVariables } from './content-data.ts';
import { type ContentField, type ContentType, fieldOf, type Row } from './content-type.ts';
import { exportPage } from './export-page.ts';
import { AddFilter, FilterChips } from './filter-bar.tsx';
import type { ListAddress } from './list-address.ts';
import { RequestDialog } from './request-dialog.tsx';

interface ToolbarProps {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly address: Pick<ListAddress, 'text' | 'conditions'>;
  /** Called with another search or other conditions. */
  readonly narrow: (change: Pick<Parameters<ListAddress['set']>[0], 'text' | 'conditions'>) => void;
  /** The columns of the table. */
  readonly fields: readonly ContentField[];
  /** What an export has. */
  readonly exported: { readonly fields: readonly ContentField[]; readonly rows: readonly Row[] };
  readonly request: { readonly document: string; readonly variables: ListVariables };
  readonly children?: ReactNode;
}

/** What narrows a list, what it shows of each document, and what one can take along. */
export function ListToolbar({
  type,
  types,
  address,
  narrow,
  fields,
  exported,
  request,
  children,
}: ToolbarProps): ReactNode {
  const { content } = useWords();
  const [dialog, setDialog] = useState<'columns' | 'request'>();
  const close = () => setDialog(undefined);
  const searched = (type.search.length > 0 ? type.search : [type.title])
    .map((name) => fieldOf(type, name)?.label ?? name)
    .join(', ');
  const filters = {
    type,
    types,
    conditions: address.conditions,
    onChange: (conditions: ListAddress['conditions']) => narrow({ conditions }),
  };
  return (
    <>
      <div className="toolbar">
        <SearchBox label={content.searchIn(searched)} value={address.text} onChange={(text) => narrow({ text })} />
        <AddFilter {...filters} />
        <Button icon="columns" onClick={() => setDialog('columns')}>
          {content.columns}
        </Button>
        {children}
        <Menu
          label={content.more}
          entries={[
            { label: content.request, icon: 'copy', run: () => setDialog('request') },
            { label: content.exportCsv, run: () => exportPage('csv', { type, ...exported }) },
            { label: content.exportJson, run: () => exportPage('json', { type, ...exported }) },
          ]}
        />
      </div>
      <FilterChips {...filters} />
      {dialog === 'columns' && <ColumnsDialog type={type} fields={fields} onClose={close} />}
      {dialog === 'request' && <RequestDialog {...request} onClose={close} />}
    </>
  );
}
