import type { Words } from '../words.ts';

const plural = (one: string, many: string) => (count: number) => `${count} ${count === 1 ? one : many}`;

export const settings: Words['settings'] = {
  about: 'Wie Konten funktionieren. Eine Änderung gilt ab der nächsten Anfrage.',
  signUpGroup: 'Registrierung',
  signUpGroupAbout: 'Wer ein Konto anlegen kann und was ein neues Konto darf.',
  sessionGroup: 'Sitzungen von Benutzern',
  sessionGroupAbout:
    'Was eine Anmeldung liefert und wie lange es gilt. Nach Passwortänderung, Zurücksetzen oder Sperre enden Sitzungen in jedem Fall sofort.',
  adminSessionGroup: 'Sitzungen von Administratoren',
  adminSessionGroupAbout: 'Wie lange man in dieser Verwaltung angemeldet bleibt.',
  passwordGroup: 'Passwörter',
  passwordGroupAbout: 'Für neue Passwörter. Bestehende bleiben gültig. Verbreitete Passwörter werden immer abgelehnt.',
  addressGroup: 'Seiten, auf die E-Mails verweisen',
  addressGroupAbout:
    'Seiten Ihrer Anwendung, die den Code der E-Mail erhalten. Ohne sie verweisen E-Mails auf die mitgelieferten Seiten.',
  labels: {
    signUps: 'Neue Benutzer können sich registrieren',
    emailConfirmation: 'E-Mail-Adressen müssen bestätigt werden',
    emailLoginCodes: 'Benutzer können sich mit einem Code aus einer E-Mail anmelden',
    defaultRole: 'Rolle neuer Benutzer',
    sessionMode: 'Eine Anmeldung liefert',
    refreshTokenInCookie: 'Refresh-Token in einem Cookie aufbewahren',
    accessTokenLifespan: 'Lebensdauer eines kurzen Tokens',
    idleRefreshTokenLifespan: 'Eine Sitzung endet ohne Nutzung nach',
    maxRefreshTokenLifespan: 'Eine Sitzung endet spätestens nach',
    refreshTokenGrace: 'Ein benutztes Refresh-Token erneut annehmen für',
    adminIdleSessionLifespan: 'Abmeldung bei Untätigkeit nach',
    adminSecondFactor: 'Zweiten Faktor verlangen',
    adminMaxSessionLifespan: 'Abmeldung spätestens nach',
    passwordMinLength: 'Kürzestes Passwort eines Benutzers',
    adminPasswordMinLength: 'Kürzestes Passwort eines Administrators',
    newDeviceMail: 'Benutzern Anmeldungen von neuen Geräten mailen',
    deleteGraceDays: 'Tage, bis ein gelöschtes Konto weg ist',
    resetPasswordUrl: 'Seite für die Passwortwahl',
    confirmEmailUrl: 'Seite für die Bestätigung einer Adresse',
    loginCodeUrl: 'Seite für die Anmeldung mit einem Code',
    acceptInvitationUrl: 'Seite zum Annehmen einer Einladung',
  },
  hints: {
    signUps: 'Sonst entstehen Konten nur durch Administratoren und durch Einladung.',
    emailLoginCodes:
      'Acht Ziffern, die einmal und zehn Minuten lang gelten. Wer die E-Mails einer Adresse liest, kann sich damit anmelden.',
    emailConfirmation:
      'Bis dahin kann sich ein Konto weder anmelden noch ein Token benutzen. Die E-Mail mit dem Link wird bei der Registrierung gesendet.',
    defaultRole: 'Alle, die sich registrieren, erhalten sie. Sie lässt sich später für jeden ändern.',
    refreshTokenInCookie:
      'Skripte einer Seite können es dort nicht lesen. Für Anwendungen derselben Site wie dieser Server.',
    accessTokenLifespan: 'Der Client erneuert es mit dem Refresh-Token.',
    idleRefreshTokenLifespan: 'Wer später zurückkehrt, muss sich neu anmelden.',
    maxRefreshTokenLifespan: 'Ab der Anmeldung gerechnet, gleich wie viel sie benutzt wird.',
    refreshTokenGrace: 'Für Browser-Tabs, die gleichzeitig erneuern, höchstens 60 Sekunden. 0: nie.',
    adminIdleSessionLifespan: 'Auch wenn der Browser so lange geschlossen ist.',
    adminSecondFactor: 'Bis dahin können Administratoren nur einen einrichten, auf der Seite ihres Kontos.',
    adminMaxSessionLifespan: 'Ab der Anmeldung gerechnet. Für Sitzungen, die nach der Änderung beginnen.',
    passwordMinLength: 'Zeichen, 8 bis 64.',
    adminPasswordMinLength: 'Zeichen, 8 bis 64.',
    newDeviceMail:
      'Mit einem Link für alle, die es nicht waren: er beendet alle Sitzungen und beginnt das Zurücksetzen des Passworts.',
    deleteGraceDays:
      'Bei Benutzern, die ihr eigenes Konto löschen, 0 bis 365. Eine Anmeldung davor behält es. 0: es wird sofort gelöscht.',
  },
  pageHint: (url: string | undefined) =>
    url ? `Leer: die mitgelieferte Seite von ${url}` : 'Leer: die mitgelieferte Seite',
  plain: 'Ein langlebiges Token',
  plainAbout:
    'Ein Token, gültig so lange, wie JWT_EXPIRES_IN sagt. Das erwarten Clients von Strapi. Die Zeiten unten gelten dann nicht.',
  refresh: 'Ein kurzes Token und ein Refresh-Token',
  refreshAbout: 'Ein gestohlenes Token nützt nur wenige Minuten. Clients müssen es erneuern: Dokumentation, „Clients“.',
  units: { days: 'Tage', hours: 'Stunden', minutes: 'Minuten', seconds: 'Sekunden' },
  amount: {
    days: plural('Tag', 'Tage'),
    hours: plural('Stunde', 'Stunden'),
    minutes: plural('Minute', 'Minuten'),
    seconds: plural('Sekunde', 'Sekunden'),
  },
  unitOf: (label: string) => `${label}: Einheit`,
  chooseRole: 'Wählen Sie eine Rolle.',
  notANumber: 'Geben Sie eine Zahl ein.',
  changedElsewhere:
    'Jemand anderes hat die Einstellungen inzwischen geändert. Beim Speichern ändern sich nur die Felder, die Sie geändert haben; verwerfen Sie, um die anderen zu sehen.',
  confirmTitle: 'Diese Einstellungen speichern?',
  consequences: {
    signUpsOff: 'Niemand kann sich mehr registrieren. Bestehende Benutzer können sich weiter anmelden.',
    signUpsOn: (role: string) => `Alle, die diesen Server erreichen, können ein Konto mit der Rolle ${role} anlegen.`,
    confirmationOn: (users: number | undefined) =>
      users === undefined
        ? 'Benutzer ohne bestätigte Adresse können sich weder anmelden noch ihre Tokens benutzen.'
        : users === 0
          ? 'Neue Benutzer können sich erst anmelden, wenn sie ihre Adresse bestätigt haben. Bestehende sind nicht betroffen.'
          : `${plural('Benutzer hat', 'Benutzer haben')(users)} die Adresse nicht bestätigt und können sich ab jetzt weder anmelden noch ein Token benutzen.`,
    noMailServer: 'Es gibt keinen Mailserver (SMTP_URL): Niemand erhält die E-Mail zur Bestätigung.',
    confirmationOff: 'Alle können sich mit einer fremden Adresse registrieren und sind sofort angemeldet.',
    defaultRole: (role: string) =>
      `Wer sich ab jetzt registriert, erhält die Rolle ${role}. Bestehende Benutzer behalten ihre.`,
    plain:
      'Anmeldungen liefern ein langlebiges Token. Clients, die ein Refresh-Token erwarten, müssen angepasst werden.',
    refresh:
      'Anmeldungen liefern ein kurzes Token und ein Refresh-Token. Clients, die nicht erneuern, werden nach kurzer Zeit abgemeldet.',
    cookie: 'Clients, die das Refresh-Token anderswo erwarten, müssen sich neu anmelden und angepasst werden.',
    shorter: 'Benutzer, die ihre Sitzung so lange nicht benutzt haben, müssen sich neu anmelden.',
    adminShorter: 'Administratoren, die länger untätig sind, müssen sich neu anmelden. Das gilt auch für Sie.',
  },
};
