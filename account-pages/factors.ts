import { ask } from './api.ts';
import { say, time } from './config.ts';
import { announce, button, el, form, show } from './dom.ts';
import { navigation } from './links.ts';
import { codeField, sensitive } from './step-up.ts';

interface Factors {
  readonly methods: readonly string[];
  readonly totpSince: string | null;
  readonly backupCodes: number;
}

export async function showFactors(): Promise<void> {
  const { secondFactors } = await ask<{ secondFactors: Factors }>('secondFactors');
  const { totpSince, backupCodes } = secondFactors;
  const parts =
    totpSince === null
      ? [el('p', { class: 'muted' }, say('factorsNone')), button(say('setUpApp'), setUp, { kind: '' })]
      : [
          el('p', {}, say('factorsSince', { time: time(totpSince) })),
          el('p', {}, say('backupCodesLeft', { count: String(backupCodes) })),
          el(
            'div',
            { class: 'row' },
            button(say('newCodes'), renewCodes),
            button(say('replaceApp'), setUp),
            button(say('removeApp'), removeApp, { kind: 'danger' }),
          ),
        ];
  show(say('factorsTitle'), [navigation(), el('p', {}, say('factorsAbout')), ...parts], { wide: true });
}

async function setUp(): Promise<void> {
  const { startTotp } = await sensitive(() => ask<{ startTotp: { secret: string; qrSvg: string } }>('startTotp'));
  const { secret, qrSvg } = startTotp;
  announce('');
  const confirm = form({
    fields: [codeField('code')],
    button: say('confirmApp'),
    beside: [button(say('cancel'), showFactors)],
    submit: async ({ code }) => {
      const { confirmTotp } = await sensitive(() => ask<{ confirmTotp: Codes }>('confirmTotp', { code }));
      showCodes(confirmTotp);
    },
  });
  show(say('setUpApp'), [
    el('p', {}, say('scan')),
    // An image runs nothing, whatever is in it.
    el('img', { class: 'qr', alt: say('qrCode'), src: `data:image/svg+xml,${encodeURIComponent(qrSvg)}` }),
    el('p', {}, `${say('secret')}: `, el('code', {}, secret.replace(/(.{4})(?=.)/g, '$1 '))),
    confirm,
  ]);
}

interface Codes {
  readonly codes: readonly string[];
}

async function renewCodes(): Promise<void> {
  const { newBackupCodes } = await sensitive(() => ask<{ newBackupCodes: Codes }>('newBackupCodes'));
  showCodes(newBackupCodes);
}

/** They are in this page only, and gone with it. */
function showCodes({ codes }: Codes): void {
  announce('');
  show(say('codesTitle'), [
    el('p', {}, say('codesAbout')),
    el('ul', { class: 'codes' }, ...codes.map((code) => el('li', {}, el('code', {}, code)))),
    button(say('codesKept'), showFactors, { kind: '' }),
  ]);
}

async function removeApp(): Promise<void> {
  await sensitive(() => ask('removeTotp'));
  await showFactors();
  announce(say('appRemoved'));
}
