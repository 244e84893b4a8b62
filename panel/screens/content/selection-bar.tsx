import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { useWords } from '../../words/words.ts';

/** What is chosen in a list, and what can be done with it. To choose the page and to choose all are two acts. */
export function SelectionBar({
  count,
  total,
  isAll,
  onAll,
  onClear,
  onDelete,
}: {
  readonly count: number;
  readonly total: number;
  readonly isAll: boolean;
  readonly onAll: () => void;
  readonly onClear: () => void;
  readonly onDelete: () => void;
}): ReactNode {
  const { content, common } = useWords();
  return (
    <div className="content-selection toolbar" role="status">
      <strong>{isAll ? content.allSelected(total) : common.selected(count)}</strong>
      {!isAll && count < total && (
        <Button small onClick={onAll}>
          {content.selectAll(total)}
        </Button>
      )}
      <Button small onClick={onClear}>
        {content.clearSelection}
      </Button>
      <Button small danger icon="trash" onClick={onDelete}>
        {content.deleteSelected}
      </Button>
    </div>
  );
}
