/** The beginning of a long text, for a heading, a cell or a menu. No character is cut in two. */
export function shortened(text: string, most = 120): string {
  const line = text.slice(0, most * 4).replaceAll(/\s+/g, ' ');
  const characters = [...line];
  return characters.length <= most && line.length === text.length ? line : `${characters.slice(0, most).join('')}…`;
}
