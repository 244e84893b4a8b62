import type { Mail } from './mailer.ts';

/** Who a mail is for. */
export interface Recipient {
  readonly email: string;
}

// No mail holds a username: whoever typed the address chose it too, and it is no text for a stranger's mailbox.

/** The mail that asks whether an address is really its owner's. */
export function confirmEmailMail(user: Recipient, link: string): Mail {
  return letter(user.email, link, {
    subject: 'Confirm your e-mail address',
    reason: 'Somebody, we hope you, made an account with this e-mail address. Please confirm that it is yours:',
    button: 'Confirm this address',
    otherwise: 'The link works once, for 24 hours. If it was not you, do nothing: the account stays closed.',
  });
}

/** The mail that lets its reader choose a new password. */
export function resetPasswordMail(user: Recipient, link: string): Mail {
  return letter(user.email, link, {
    subject: 'Choose a new password',
    reason: 'Somebody, we hope you, asked for a new password for your account:',
    button: 'Choose a new password',
    otherwise: 'The link works once, for one hour. If it was not you, do nothing: your password stays as it is.',
  });
}

interface Wording {
  readonly subject: string;
  readonly reason: string;
  readonly button: string;
  readonly otherwise: string;
}

function letter(to: string, link: string, { subject, reason, button, otherwise }: Wording): Mail {
  return {
    to,
    subject,
    link,
    text: `Hello,\n\n${reason}\n\n${link}\n\n${otherwise}\n`,
    html: `<!doctype html>
<html lang="en">
<body style="font-family: sans-serif; line-height: 1.5; color: #222">
<p>Hello,</p>
<p>${reason}</p>
<p><a href="${escaped(link)}" style="display: inline-block; padding: 0.6em 1.2em; background: #1a56db; color: #fff; text-decoration: none; border-radius: 4px">${button}</a></p>
<p>Or open this address: <a href="${escaped(link)}">${escaped(link)}</a></p>
<p style="color: #666">${otherwise}</p>
</body>
</html>
`,
  };
}

/** A link is made of settings: in HTML it stays text. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
