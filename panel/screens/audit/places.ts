/** The screen of what an entry is about; undefined where there is none. */
export function placeOf(kind: string | null | undefined, id: string | null | undefined, name?: string | null) {
  switch (kind) {
    case 'user':
    case 'USER':
      return id ? `/users/${id}` : undefined;
    case 'role':
      return id ? `/roles/${id}` : undefined;
    case 'apiToken':
    case 'TOKEN':
      return id ? `/tokens/${id}` : undefined;
    case 'admin':
    case 'ADMIN':
      // They have no page of their own.
      return name ? `/administrators?search=${encodeURIComponent(name)}` : '/administrators';
    case 'settings':
      return '/settings';
    case 'mailTemplate':
      return name ? `/mails/${purposeOf(name)}` : undefined;
    default:
      return undefined;
  }
}

/** `confirmEmail` → `CONFIRM_EMAIL`. */
function purposeOf(name: string): string {
  return name.replaceAll(/(?=[A-Z])/g, '_').toUpperCase();
}
