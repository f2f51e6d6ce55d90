// A user with a virtual authenticator in a real Chromium: adds a passkey at the account page, signs in with it alone, and uses it after the password.
import { fillLogin, newPage, run, screenshot, settings } from './person.mjs';

async function authenticator(page, verifies) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
    hasResidentKey: true, hasUserVerification: true, isUserVerified: verifies, automaticPresenceSimulation: true } });
  return { devtools, authenticatorId };
}

await run(async browser => {
  const context = await browser.newContext(settings.look);
  const page = await newPage(context);
  const { devtools, authenticatorId } = await authenticator(page, true);
  const heading = () => page.locator('h1').innerText();

  await page.goto(`${settings.issuer}/account`);
  await fillLogin(page);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByLabel('Name').fill('Test key');
  await page.getByLabel('Current password').fill(settings.password);
  await screenshot(page, 'passkeys-phone-dark');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.locator('.recovery code').first().waitFor();
  const codes = await page.locator('.recovery code').count();
  await page.getByRole('link', { name: 'Back to your account' }).click();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();

  // Alone.
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
  await screenshot(page, 'passkey-phone-dark');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.locator('#sessions').waitFor();
  const alone = await heading();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();

  // After the password.
  await fillLogin(page);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Use a passkey' }).waitFor();
  const asked = await heading();
  await screenshot(page, 'factor-phone-dark');
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.locator('#sessions').waitFor();
  const second = await heading();
  await page.getByRole('button', { name: 'Log out', exact: true }).click();

  // An authenticator that does not check who uses it is no login of its own.
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.locator('#problem:not([hidden])').waitFor();
  const unverified = await page.locator('#problem').innerText();
  return { codes, alone, asked, second, unverified };
});
