import type { Words } from '../words.ts';

export const failures: Words['failures'] = {
  unexpected: 'In dieser Seite ist ein Fehler aufgetreten. Laden Sie sie neu.',
  unreachable:
    'Der Server ist nicht erreichbar. Prüfen Sie die Verbindung und versuchen Sie es erneut. Ihre Eingaben bleiben erhalten.',
  forbidden: 'Ihr Konto darf das nicht.',
  stepUp: 'Dafür ist Ihr Passwort noch einmal nötig. Es wurde nichts geändert.',
  rateLimited: (seconds: number) => `Zu viele Versuche. Versuchen Sie es in ${seconds} Sekunden erneut.`,
  server: 'Der Server hatte einen Fehler; er steht im Protokoll. Versuchen Sie es später erneut.',
  seeFields: 'Einige Felder brauchen eine Korrektur. Die Gründe stehen daneben.',
  notFound: 'Diese Seite gibt es nicht',
  notFoundAbout: 'Was hier stand, wurde verschoben oder gelöscht.',
};
