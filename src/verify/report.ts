/** One difference between what roles say and what the server answers. */
export interface Finding {
  /** The roles of the viewer, or what else it is. */
  readonly viewer: string;
  /** `user session`, `no credential`, `API token CUSTOM`, … */
  readonly credential: string;
  /** The operation that shows it. */
  readonly document: string;
  readonly expected: string;
  readonly got: string;
}

/** What a run found. */
export interface Report {
  readonly requests: number;
  readonly roles: number;
  readonly findings: readonly Finding[];
  /** Writes that the permissions allow, and that the application's own rules or constraints refused: nothing is known of them. */
  readonly undecided: number;
  readonly seed: number;
}

/** A report for a terminal: a line for each difference, then the numbers. */
export function inWords({ requests, roles, findings, undecided, seed }: Report): string {
  const lines = findings.map(
    ({ viewer, credential, document, expected, got }) =>
      `${viewer} (${credential}): ${oneLine(document)}\n    expected ${expected}; got ${got}`,
  );
  const numbers = [
    count(requests, 'request'),
    count(roles, 'role'),
    count(findings.length, 'difference'),
    ...(undecided > 0 ? [`${count(undecided, 'write')} undecided`] : []),
  ];
  return [...lines, `${numbers.join(', ')} (seed ${seed})`].join('\n');
}

function count(number: number, word: string): string {
  return `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Short enough for a line. */
export function cut(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 300 ? `${text.slice(0, 297)}…` : text;
}
