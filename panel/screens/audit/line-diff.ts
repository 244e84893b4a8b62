export interface Line {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** More lines on both sides than this are shown as removed and added: the table of the comparison grows with their product. */
const MAX_COMPARISONS = 1_000_000;

/** The lines of two texts, with what was removed and added between them (the longest common subsequence stays). */
export function differenceOfLines(before: string, after: string): readonly Line[] {
  const [old, young] = [before.split('\n'), after.split('\n')];
  const removed = old.map((text): Line => ({ kind: 'removed', text }));
  const added = young.map((text): Line => ({ kind: 'added', text }));
  if (old.length * young.length > MAX_COMPARISONS) return [...removed, ...added];
  const width = young.length + 1;
  /** The length of the longest common subsequence of what follows each pair of lines. */
  const common = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = young.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = old[i] === young[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < young.length) {
    if (old[i] === young[j]) {
      lines.push({ kind: 'same', text: old[i] ?? '' });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(...removed.slice(i, ++i));
    else lines.push(...added.slice(j, ++j));
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}
