import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../../ui/button.tsx';
import { useLanguage, useWords } from '../../words/words.ts';
import { type Condition, spanOf } from './conditions.ts';
import { useTitles } from './content-data.ts';
import { type ContentType, fieldOf, isRelation, targetOf } from './content-type.ts';
import { FilterDialog } from './filter-dialog.tsx';
import { operatorText } from './operator-text.ts';
import { shortened } from './text.ts';

interface BarProps {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly conditions: readonly Condition[];
  readonly onChange: (conditions: readonly Condition[]) => void;
}

/** Adds a condition to a list. */
export function AddFilter({ type, types, conditions, onChange }: BarProps): ReactNode {
  const { content } = useWords();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button icon="filter" onClick={() => setOpen(true)}>
        {content.addFilter}
      </Button>
      {isOpen && (
        <FilterDialog
          type={type}
          types={types}
          onClose={() => setOpen(false)}
          onApply={(condition) => onChange([...conditions, condition])}
        />
      )}
    </>
  );
}

/** The conditions of a list. A click on one changes it; only its own button removes it. */
export function FilterChips({ type, types, conditions, onChange }: BarProps): ReactNode {
  const { content } = useWords();
  const [edited, setEdited] = useState<number>();
  const condition = edited === undefined ? undefined : conditions[edited];
  if (conditions.length === 0) return null;
  return (
    <ul className="chips" aria-label={content.filters}>
      {conditions.map((one, index) => (
        <Chip
          key={JSON.stringify(one)}
          type={type}
          types={types}
          condition={one}
          onEdit={() => setEdited(index)}
          onRemove={() => onChange(conditions.filter((other) => other !== one))}
        />
      ))}
      {conditions.length > 1 && (
        <li>
          <Button small look="plain" onClick={() => onChange([])}>
            {content.clearAllFilters}
          </Button>
        </li>
      )}
      {condition && (
        <FilterDialog
          type={type}
          types={types}
          condition={condition}
          onClose={() => setEdited(undefined)}
          onApply={(next) => onChange(conditions.map((one) => (one === condition ? next : one)))}
        />
      )}
    </ul>
  );
}

function Chip({
  type,
  types,
  condition,
  onEdit,
  onRemove,
}: {
  readonly type: ContentType;
  readonly types: readonly ContentType[];
  readonly condition: Condition;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}): ReactNode {
  const { content } = useWords();
  const text = useConditionText(type, types, condition);
  return (
    <li className="content-filter">
      <button
        type="button"
        className="content-filter-text"
        aria-label={content.editFilter(text)}
        onClick={onEdit}
        dir="auto"
      >
        {text}
      </button>
      <IconButton label={content.removeFilter(text)} icon="close" small onClick={onRemove} />
    </li>
  );
}

/** "Title contains “token”". */
function useConditionText(
  type: ContentType,
  types: readonly ContentType[],
  { field: name, operator, values }: Condition,
): string {
  const words = useWords();
  const { content } = words;
  const language = useLanguage();
  const field = fieldOf(type, name);
  const titles = useTitles(
    field && isRelation(field) ? targetOf(types, field.type) : undefined,
    field && isRelation(field) ? values : [],
  );
  if (!field) return name;
  const text = (value: string): string => {
    if (isRelation(field)) return shortened(titles.get(value) ?? value, 40);
    if (spanOf(value) !== undefined && (operator === 'last' || operator === 'before' || operator === 'next')) {
      const count = Number(value.slice(0, -1));
      return value.endsWith('h') ? content.hoursOf(count) : content.daysOf(count);
    }
    switch (field.kind) {
      case 'BOOLEAN':
        return value === 'true' ? words.common.yes : words.common.no;
      case 'DATE_TIME':
        return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(value));
      case 'DATE':
        return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value));
      case 'INTEGER':
      case 'DECIMAL':
      case 'BIG_INTEGER':
      case 'EXACT_DECIMAL':
      case 'TIME':
      case 'ENUM':
        return value;
      default:
        return `“${shortened(value, 40)}”`;
    }
  };
  const shown = values.map(text).join(operator === 'between' ? ` ${content.and} ` : ', ');
  return `${field.label} ${operatorText(content, field, operator)} ${shown}`.trim();
}
