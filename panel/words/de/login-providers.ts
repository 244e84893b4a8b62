import type { Words } from '../words.ts';

export const loginProviders: Words['loginProviders'] = {
  title: 'Anmeldedienste',
  about: 'Benutzer melden sich mit einem Konto an, das sie anderswo haben: Google, das der eigenen Firma und andere.',
  none: 'Es gibt keinen. Benutzer melden sich mit einem Passwort an.',
  create: 'Dienst einrichten',
  next: 'Weiter',
  provider: 'Dienst',
  other: 'Ein anderer, mit OpenID Connect',
  name: 'Name in Adressen',
  nameHint: 'Kleinbuchstaben, Ziffern und Bindestriche, etwa unsere-firma. Er bleibt.',
  state: 'Zustand',
  on: 'an',
  off: 'aus',
  incomplete: 'nicht vollständig',
  missing: 'Fehlt oder ist ungültig:',
  fromEnvironment: 'Durch die Umgebung des Servers eingerichtet. Hier lässt er sich nicht ändern.',
  callbacks: 'Adressen, die beim Dienst einzutragen sind',
  callbacksAbout:
    'Genau so, sonst lehnt er Anmeldungen ab. Die erste für Anwendungen, die bei /connect beginnen, die zweite für solche von Strapi.',
  secretStored:
    'Es ist eines gespeichert, verschlüsselt. Niemand kann es lesen. Geben Sie ein anderes ein, um es zu ersetzen.',
  linking: 'Mit bestehenden Konten verknüpfen',
  linkingHint:
    'Ob eine Anmeldung ein Konto an der E-Mail-Adresse erkennt, wenn der Dienst den Benutzer noch nicht kannte.',
  linkings: {
    VERIFIED: 'Wenn die Adresse dort geprüft und hier bestätigt ist',
    NEVER: 'Nur durch die Benutzer selbst',
  },
  enabled: 'Benutzer können sich damit anmelden',
  tryIt: 'Ausprobieren',
  deleteTitle: (name) => `${name} entfernen?`,
  deleteAbout:
    'Niemand kann sich mehr damit anmelden. Benutzer bleiben und finden ihre Konten wieder, wenn er erneut eingerichtet wird.',
  deleted: (name) => `${name} wurde entfernt`,
  fields: {
    label: 'Name auf Schaltflächen',
    issuer: 'Aussteller (Issuer)',
    clientId: 'Client-ID',
    clientSecret: 'Client-Geheimnis',
    scopes: 'Scopes',
    redirect: 'Seite für die Rückkehr',
    encryptionKey: 'der Schlüssel des Geheimnisses (ENCRYPTION_KEY)',
  },
  hints: {
    label: undefined,
    issuer: 'Wie ihn das Discovery-Dokument nennt, etwa https://login.example.com. Bekannte Dienste haben einen.',
    clientId: 'Wie der Dienst diese Anwendung nennt.',
    scopes: 'Durch Leerzeichen getrennt. Leer: was eine Anmeldung braucht.',
    redirect: 'Ihrer Anwendung, wenn sie selbst keine nennt. Andere müssen in LOGIN_REDIRECTS stehen.',
  },
};
