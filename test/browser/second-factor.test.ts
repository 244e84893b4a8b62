import { expect, test } from 'vitest';
import { DEMO_PASSWORD } from '../../src/accounts/public-password.ts';
import { authenticator } from '../support/authenticator.ts';
import { accessibilityFaults, logIn, settled, usePanel } from './panel.ts';

/* The second factor of an administrator, in the panel. */

const panel = usePanel();

test('is set up with an app, asked for at the next log-in and before a sensitive act, and removed', async () => {
  const { page, email } = await panel.visitAs('ADMINISTRATOR', '/account', { withoutPolicy: true });
  await page.getByRole('button', { name: 'Set up an app' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('img', { name: 'QR code of the secret below' }).waitFor();
  expect(await accessibilityFaults(page)).toEqual([]);
  const secret = (await dialog.locator('code').innerText()).replaceAll(' ', '');
  const show = authenticator(secret);
  const code = dialog.getByRole('textbox', { name: 'Code' });
  await code.fill('000000');
  await dialog.getByRole('button', { name: 'Confirm the app' }).click();
  await dialog.getByText('The code is not correct').waitFor();
  await code.fill(show());
  await dialog.getByRole('button', { name: 'Confirm the app' }).click();
  await page.getByRole('dialog', { name: 'Your backup codes' }).waitFor();
  const codes = await page.getByRole('dialog').locator('li').allInnerTexts();
  expect(codes).toHaveLength(10);
  expect(await accessibilityFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'I have kept them' }).click();
  await page.getByText('10 backup codes are left.').waitFor();

  const next = await panel.visit('/account');
  await next.page.getByLabel('E-mail').fill(email);
  await next.page.getByLabel('Password').fill(DEMO_PASSWORD);
  await next.page.getByRole('button', { name: 'Log in', exact: true }).click();
  await next.page.getByRole('heading', { name: 'Second factor' }).waitFor();
  await next.page.getByLabel('Code').fill('wrong');
  await next.page.getByRole('button', { name: 'Log in', exact: true }).click();
  await next.page.getByText('The code is not correct').waitFor();
  await next.page.getByLabel('Code').fill(codes[0] ?? '');
  await next.page.getByRole('button', { name: 'Log in', exact: true }).click();
  await next.page.getByText('9 backup codes are left.').waitFor();

  panel.server.advance(11 * 60_000); // the log-in proves nothing any more
  await next.page.reload();
  await settled(next.page);
  await next.page.getByRole('button', { name: 'Remove the second factor' }).click();
  await next.page.getByRole('dialog').getByRole('button', { name: 'Remove the second factor' }).click();
  const proof = next.page.getByRole('dialog', { name: 'Confirm that it is you' });
  await proof.getByRole('textbox', { name: 'Code' }).fill(show(Date.now() + 11 * 60_000));
  await proof.getByRole('button', { name: 'Confirm' }).click();
  await next.page.getByText('There is no second factor.').waitFor();
  // The browser itself reports the refusal that asks for the proof.
  const others = next.faults.filter((fault) => !fault.includes('status of 403'));
  next.faults.splice(0, next.faults.length, ...others);
  const last = await panel.visit('/');
  await logIn(last.page, email);
});
