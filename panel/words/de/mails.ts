import type { Words } from '../words.ts';

export const mails: Words['mails'] = {
  about: 'Der Text jeder E-Mail, die der Server sendet. Er sendet seine eigenen Texte, bis Sie andere schreiben.',
  purposes: {
    CONFIRM_EMAIL: {
      title: 'Adresse bestätigen',
      about: 'An alle, die sich registrieren, wenn Adressen bestätigt werden müssen.',
    },
    RESET_PASSWORD: { title: 'Passwort zurücksetzen', about: 'An Benutzer, die ihr Passwort vergessen haben.' },
    CHANGE_EMAIL: { title: 'Neue Adresse bestätigen', about: 'An die neue Adresse eines Benutzers, der sie ändert.' },
    EMAIL_CHANGE_REQUESTED: {
      title: 'Änderung der Adresse angefordert',
      about: 'An die alte Adresse, wenn eine Änderung angefordert wird.',
    },
    EMAIL_CHANGED: { title: 'Adresse geändert', about: 'An die alte Adresse, nach der Änderung.' },
    INVITATION: {
      title: 'Einladung eines Benutzers',
      about: 'An Benutzer, die ein Administrator angelegt hat, zur Wahl eines Passworts.',
    },
    USER_INVITATION: {
      title: 'Einladung',
      about: 'An Personen ohne Konto, die einen Benutzernamen und ein Passwort wählen.',
    },
    ADMIN_INVITATION: {
      title: 'Einladung eines Administrators',
      about: 'An neue Administratoren, zur Wahl eines Passworts.',
    },
    ADMIN_RESET_PASSWORD: {
      title: 'Passwort eines Administrators zurücksetzen',
      about: 'An Administratoren, die ihr Passwort vergessen haben.',
    },
    LOGIN_CODE: {
      title: 'Code zur Anmeldung',
      about: 'An einen Benutzer, der statt des Passworts einen Code verlangt.',
    },
    IDENTITY_LINKED: {
      title: 'Anmeldedienst verknüpft',
      about: 'An einen Benutzer, in dessen Konto man sich nun mit einem Dienst anmelden kann.',
    },
    IDENTITY_UNLINKED: {
      title: 'Verknüpfung gelöst',
      about: 'An einen Benutzer, in dessen Konto man sich mit einem Dienst nicht mehr anmelden kann.',
    },
    SECOND_FACTOR_ADDED: {
      title: 'Zweiter Faktor eingerichtet',
      about: 'An Personen, die einen zweiten Faktor eingerichtet haben.',
    },
    SECOND_FACTOR_REMOVED: {
      title: 'Zweiter Faktor entfernt',
      about: 'An Personen, die ihren zweiten Faktor entfernt haben.',
    },
    SECOND_FACTOR_RESET: {
      title: 'Zweiter Faktor von der Verwaltung entfernt',
      about: 'An Personen, deren zweiten Faktor die Verwaltung entfernt hat.',
    },
    BACKUP_CODES_REPLACED: { title: 'Neue Ersatzcodes', about: 'An Personen, die ihre Ersatzcodes ersetzt haben.' },
    PASSKEY_ADDED: { title: 'Passkey hinzugefügt', about: 'An Benutzer, die einen Passkey hinzugefügt haben.' },
    PASSKEY_REMOVED: { title: 'Passkey entfernt', about: 'An Benutzer, die einen Passkey entfernt haben.' },
    STEP_UP_CODE: {
      title: 'Code zur Bestätigung',
      about: 'An Benutzer ohne Passwort, vor einer heiklen Änderung.',
    },
    NEW_DEVICE: {
      title: 'Anmeldung von einem neuen Gerät',
      about: 'An Benutzer nach einer Anmeldung von einem neuen Gerät, wenn das eingestellt ist.',
    },
    DELETION_REQUESTED: {
      title: 'Konto wird gelöscht',
      about: 'An Benutzer, die das verlangt haben, wenn Konten noch einige Tage bleiben.',
    },
    ACCOUNT_DELETED: {
      title: 'Konto gelöscht',
      about: 'An Benutzer, deren Konto auf ihren Wunsch gelöscht wurde.',
    },
    PASSWORD_CHANGED: { title: 'Passwort geändert', about: 'An Benutzer, deren Passwort geändert wurde.' },
  },
  purpose: 'E-Mail',
  words: 'Text',
  builtIn: 'Mitgelieferter Text',
  own: 'Ihr Text',
  noMailServer:
    'Es gibt keinen Mailserver (SMTP_URL). E-Mails werden in den Ordner „outbox“ in DATA_DIR geschrieben und niemandem gesendet.',
  subject: 'Betreff',
  text: 'Text',
  html: 'HTML',
  textHint: 'Für Mailprogramme, die kein HTML anzeigen.',
  htmlHint: 'Mit Stilen im Text, wie Mailprogramme sie brauchen. Werte von Variablen werden maskiert.',
  variables: 'Variablen',
  variablesAbout: (field: string) => `Drücken Sie eine, um sie an der Schreibmarke von „${field}“ einzufügen.`,
  insert: (name: string) => `{{${name}}} einfügen`,
  variable: {
    link: 'der Link mit dem Code',
    code: 'nur der Code, für einen eigenen Link',
    email: 'die Adresse des Kontos',
    newEmail: 'die neue Adresse des Kontos',
    provider: 'der Name des Anmeldedienstes',
    date: 'der Tag oder die Uhrzeit, in UTC',
    device: 'Browser und System',
    address: 'die Netzwerkadresse',
    url: 'dieser Server, wie seine Clients ihn sehen',
  },
  preview: 'Vorschau',
  previewAbout: 'Mit Beispielwerten, auch von noch nicht gespeichertem Text.',
  previewOld: 'Die Vorschau zeigt den Text davor.',
  htmlPreview: 'Die E-Mail als HTML',
  image: (text: string) => (text ? `[Bild: ${text}]` : '[Bild]'),
  cannotShow: 'Dieser Browser kann das HTML einer E-Mail nicht sicher anzeigen. Darunter steht der Quelltext.',
  test: 'Test-E-Mail senden',
  testTo: (email: string) => `An ${email}`,
  changedMeanwhile:
    'Jemand anders hat diese E-Mail inzwischen geändert. Vergleichen Sie sie mit Ihrem Text, und speichern Sie noch einmal, um sie zu ersetzen.',
  theirs: (part) => `${part}, wie jetzt gespeichert`,
  testSaved: 'Sie enthält den gespeicherten Text. Speichern Sie Ihren zuerst.',
  sent: (email: string) => `Die Test-E-Mail wurde an ${email} gesendet.`,
  restore: 'Mitgelieferten Text wiederherstellen',
  restoreTitle: 'Mitgelieferten Text wiederherstellen?',
  restoreAbout: 'Ihr Text für diese E-Mail wird gelöscht. Das Prüfprotokoll behält ihn.',
  restored: 'Die E-Mail hat wieder ihren mitgelieferten Text.',
};
