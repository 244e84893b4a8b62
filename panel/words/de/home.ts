import type { Words } from '../words.ts';

const plural = (count: number | null, one: string, many: string) => `${count ?? 0} ${count === 1 ? one : many}`;
const day = (at: string | null) =>
  at === null ? '' : new Intl.DateTimeFormat('de', { dateStyle: 'medium' }).format(new Date(at));

export const home: Words['home'] = {
  production: 'Produktion',
  development: 'Entwicklung',
  attention: 'Braucht Aufmerksamkeit',
  nothing: 'Nichts braucht Ihre Aufmerksamkeit.',
  kinds: {
    PUBLIC_PASSWORD: ({ count }) =>
      `Bei ${plural(count, 'Konto', 'Konten')} kann man sich mit dem öffentlichen Passwort der Entwicklung anmelden.`,
    PUBLIC_WRITES: ({ count }) =>
      `Ohne Anmeldung können alle ${plural(count, 'schreibende Aktion', 'schreibende Aktionen')} benutzen.`,
    UNREADABLE_GRANTS: ({ name, count }) =>
      name === null
        ? `${count} Rollen und API-Token haben Regeln, die nicht mehr lesbar sind. Sie erlauben nichts.`
        : `${name} hat ${plural(count, 'Regel', 'Regeln')}, die nicht mehr lesbar sind. Sie erlauben nichts.`,
    UNKNOWN_ACTIONS: ({ name, count }) =>
      name === null
        ? `${count} Rollen und API-Token haben Aktionen, die dieser Server nicht hat.`
        : `${name} hat ${plural(count, 'Aktion', 'Aktionen')}, die dieser Server nicht hat.`,
    NO_MAIL_SERVER: () => 'Es gibt keinen Mailserver (SMTP_URL): E-Mails werden niemandem gesendet.',
    STUCK_MAILS: ({ count }) => `${plural(count, 'E-Mail hätte', 'E-Mails hätten')} schon gesendet sein sollen.`,
    FAILED_MAILS: ({ count }) =>
      `${plural(count, 'E-Mail konnte', 'E-Mails konnten')} in den letzten 7 Tagen nicht gesendet werden.`,
    TOKENS_ENDING: ({ name, count, at }) =>
      name === null ? `${count} API-Token laufen binnen 14 Tagen ab.` : `Das API-Token ${name} läuft am ${day(at)} ab.`,
    TOKENS_UNUSED: ({ name, count, at }) =>
      name === null
        ? `${count} API-Token sind gültig, und niemand benutzt sie.`
        : at === null
          ? `Das API-Token ${name} wurde nie benutzt.`
          : `Das API-Token ${name} wurde zuletzt am ${day(at)} benutzt.`,
    TOKENS_IMPORTED: ({ name, count }) =>
      name === null
        ? `${count} API-Token haben Geheimnisse von Strapi. Geben Sie jedem ein neues.`
        : `Das API-Token ${name} hat ein Geheimnis von Strapi. Geben Sie ihm ein neues.`,
    DISPUTED_USERNAMES: ({ count }) =>
      `${plural(count, 'Benutzername kann', 'Benutzernamen können')} mit einem anderen Benutzer verwechselt werden.`,
  },
  mend: {
    PUBLIC_PASSWORD: 'Andere Passwörter setzen',
    PUBLIC_WRITES: 'Rolle ansehen',
    UNREADABLE_GRANTS: 'Reparieren',
    UNKNOWN_ACTIONS: 'Entfernen',
    NO_MAIL_SERVER: 'E-Mails ansehen',
    STUCK_MAILS: 'Fehlgeschlagene ansehen',
    FAILED_MAILS: 'Ansehen',
    TOKENS_ENDING: 'Erneuern',
    TOKENS_UNUSED: 'Ansehen',
    TOKENS_IMPORTED: 'Neues Geheimnis erzeugen',
    DISPUTED_USERNAMES: 'Benutzer ansehen',
  },
  counts: 'Bestand',
  unconfirmed: 'Nicht bestätigt',
  blocked: 'Gesperrte Benutzer',
  signUps: 'Registrierungen',
  signUpsMore: 'Im Prüfprotokoll',
  logins: 'Anmeldungen',
  loginsDone: 'Anmeldungen',
  loginsRefused: 'abgewiesene Anmeldungen',
  loginsMore: 'Abgewiesene im Prüfprotokoll',
  total: (count: number, name: string) => `${count} ${name}`,
  chartLabel: (title: string, totals: readonly { readonly name: string; readonly total: number }[]) =>
    `${title} nach Tagen: insgesamt ${totals.map(({ name, total }) => `${total} ${name}`).join(', ')}`,
  utc: 'Tage in UTC',
  day: 'Tag',
  asTable: 'Als Tabelle',
  noRecent: 'Benutzer, Rollen, Dokumente und Token, die Sie öffnen, erscheinen hier.',
  views: 'Gespeicherte Listen',
  firstSteps: 'Erste Schritte',
  firstStepsAbout: 'Es gibt noch keine Benutzer.',
  stepDone: 'Erledigt',
  steps: {
    permissions: {
      title: 'Festlegen, was alle dürfen',
      about: 'Die Rolle Public gilt für Anfragen ohne Anmeldung, Authenticated für neue Benutzer.',
    },
    user: { title: 'Einen Benutzer anlegen', about: 'Oder lassen Sie sie sich selbst registrieren.' },
    token: {
      title: 'Ein API-Token anlegen',
      about: 'Für eine Website oder ein anderes Programm, das diesen Server benutzt.',
    },
    settings: {
      title: 'Die Einstellungen ansehen',
      about: 'Registrierung, Bestätigung von Adressen, Sitzungen, Passwörter.',
    },
    mails: { title: 'Ihre E-Mails schreiben', about: 'Und SMTP_URL setzen, damit sie gesendet werden.' },
  },
  server: 'Dieser Server',
  api: 'API für Ihre Clients',
  playground: 'Playground',
  playgroundUsers: 'Als Benutzer oder Gast',
  playgroundAdmins: 'Als Administrator',
  noPlayground: 'Es gibt ihn nur in der Entwicklung.',
  documentation: 'Dokumentation',
  documentationAbout: 'Im Ordner docs des Projekts; „npm run docs:dev“ zeigt sie als Seiten.',
  version: 'Version',
};
