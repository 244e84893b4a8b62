import type { Words } from '../words.ts';

export const failures: Words['failures'] = {
  unexpected: 'In dieser Seite ist ein Fehler aufgetreten. Laden Sie sie neu.',
  unreachable:
    'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut. Ihre Eingaben bleiben erhalten.',
  forbidden: 'Ihr Konto darf das nicht.',
  stepUp: 'Dafür ist Ihr Passwort noch einmal nötig. Es wurde nichts geändert.',
  rateLimited: (seconds: number) => `Zu viele Versuche. Versuchen Sie es in ${seconds} Sekunden erneut.`,
  passkeyNotGiven: 'Es wurde kein Passkey gegeben. Versuchen Sie es erneut, oder nehmen Sie einen anderen Weg.',
  passkeyExists: 'Dieses Gerät oder dieser Passwortmanager hat schon einen Passkey Ihres Kontos.',
  passkeyElsewhere:
    'Dieser Browser hat hier keine Passkeys. Öffnen Sie diese Seite über https und unter ihrem Namen, oder unter localhost, in einem aktuellen Browser.',
  server: 'Der Server hatte einen Fehler; er steht im Protokoll. Versuchen Sie es später erneut.',
  seeFields: 'Einige Felder brauchen eine Korrektur. Die Gründe stehen daneben.',
  notFound: 'Diese Seite gibt es nicht',
  notFoundAbout: 'Was hier stand, wurde verschoben oder gelöscht.',
};
