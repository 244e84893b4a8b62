/** `siteSetting` → `site setting`; `READ_ONLY` → `read only`. */
export function words(name: string): string {
  return name
    .replaceAll(/(?<=[a-z\d])(?=[A-Z])/g, ' ')
    .replaceAll('_', ' ')
    .toLowerCase()
    .replace(/\bapi\b/, 'API');
}

/** `siteSetting` → `Site setting`. */
export function sentence(name: string): string {
  const text = words(name);
  return text.charAt(0).toUpperCase() + text.slice(1);
}
