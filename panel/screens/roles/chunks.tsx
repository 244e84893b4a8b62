import { type ReactNode, useEffect, useRef, useState } from 'react';

/**
 * The rows of a long table, in bodies of some rows each. Only those in sight, and around it, are drawn; the others keep their
 * place. The scrolling frame has to be an ancestor with the class `matrix-frame`.
 */
export function Chunks<Item>({
  items,
  size,
  columns,
  heightOf,
  children,
}: {
  readonly items: readonly Item[];
  readonly size: number;
  readonly columns: number;
  /** About how many pixels an item takes, before it was drawn. */
  readonly heightOf: (item: Item) => number;
  readonly children: (item: Item, index: number) => ReactNode;
}): ReactNode {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => {
    const some = items.slice(index * size, (index + 1) * size);
    return (
      <Chunk
        // biome-ignore lint/suspicious/noArrayIndexKey: a chunk is its place
        key={index}
        isFirst={index < 1}
        columns={columns}
        height={some.reduce((sum, item) => sum + heightOf(item), 0)}
      >
        {() => some.map((item, place) => children(item, index * size + place))}
      </Chunk>
    );
  });
}

function Chunk({
  isFirst,
  columns,
  height,
  children,
}: {
  readonly isFirst: boolean;
  readonly columns: number;
  readonly height: number;
  readonly children: () => ReactNode;
}): ReactNode {
  const body = useRef<HTMLTableSectionElement>(null);
  const measured = useRef<number>(undefined);
  const [isNear, setNear] = useState(isFirst);
  useEffect(() => {
    const element = body.current;
    if (!element) return undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return;
        if (!entry.isIntersecting && !element.contains(document.activeElement)) {
          measured.current = entry.boundingClientRect.height || undefined;
        }
        // What has the focus stays: else the keyboard would be lost with it.
        setNear(entry.isIntersecting || element.contains(document.activeElement));
      },
      { root: element.closest('.matrix-frame'), rootMargin: '400px 0px' },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <tbody ref={body}>
      {isNear ? (
        children()
      ) : (
        <tr>
          <td className="matrix-space" colSpan={columns} style={{ height: measured.current ?? height }} />
        </tr>
      )}
    </tbody>
  );
}
