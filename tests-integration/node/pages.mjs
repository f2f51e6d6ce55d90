// The pages of people: those of the console, or those of the account and of the login. Takes one JSON argument
//   {chromium, issuer, action: "console"|"account", username, password, pages, newcomers, newPassword, screenshots}
// Each page is seen in every look, a device and a colour scheme. The result names the pixels that stick out, what axe finds, and what the keyboard does not reach, and what the console
// confirms to a user without a pointer.
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SMALLEST, eachLook, fillLogin, newPage, overflowOf, run, screenshot, settings } from './person.mjs';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const overflow = {};
const violations = [];
const unreached = [];

/** Examines the page that is open. The keyboard needs one look; axe needs both colour schemes and both devices. */
async function examine(page, what, device) {
  await eachLook(page, device, async look => {
    const name = `${what}-${look}`;
    overflow[name] = await overflowOf(page);
    if (look === 'phone-dark' || look === 'desktop-light') {
      await page.evaluate(AXE);
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      for (const { id, nodes } of found.violations) violations.push(`${name}: ${id} ${nodes.map(node => node.html).join(' ')}`);
    }
    if (look === 'desktop-light') await walk(page, what);
    await screenshot(page, name, { fullPage: true, usual: false });
  });
}

/** Presses Tab until the focus has been everywhere, and notes each control that it misses or on which it is not seen. */
async function walk(page, what) {
  const count = await page.evaluate(() => {
    const controls = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
      .filter(each => each.checkVisibility() && !each.disabled);
    controls.forEach((each, i) => { each.dataset.walk = String(i); });
    document.activeElement.blur();
    return controls.length;
  });
  const seen = new Set();
  for (let i = 0; i < count + 3 && seen.size < count; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const style = getComputedStyle(document.activeElement);
      return { walk: document.activeElement.dataset.walk, visible: style.outlineStyle !== 'none' || style.boxShadow !== 'none' };
    });
    if (stop.walk !== undefined && stop.visible) seen.add(stop.walk);
  }
  const missed = await page.evaluate(reached => [...document.querySelectorAll('[data-walk]')].filter(each => !reached.includes(each.dataset.walk))
    .map(each => each.outerHTML.slice(0, 200)), [...seen]);
  missed.forEach(each => unreached.push(`${what}: ${each}`));
}

const open = page => page.evaluate(() => document.querySelectorAll('details').forEach(each => { each.open = true; }));
const heading = (page, text) => page.getByRole('heading', { level: 1, name: text }).waitFor();

async function logIn(page, url, name = settings.username, password = settings.password) {
  await page.goto(url);
  await page.getByLabel('Username').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.keyboard.press('Enter');
}

async function consolePages(page, device) {
  await logIn(page, `${settings.issuer}/admin`);
  await heading(page, 'Overview');
  for (const [what, url] of Object.entries(settings.pages)) {
    await page.goto(url);
    await open(page);
    await examine(page, what, device);
  }
  await page.goto(`${settings.issuer}/admin/users`);
  await page.locator('summary').first().click();
  await page.getByLabel('Username', { exact: true }).fill('two words');
  await page.getByRole('button', { name: 'Create a user' }).click();
  await page.getByRole('alert').waitFor();
  await examine(page, 'console-refused', device);
}

/** Presses Tab until a control of this name has the focus, and then Enter. */
async function press(page, name) {
  for (let i = 0; i < 200; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(() => document.activeElement.innerText?.trim()) === name) {
      await page.keyboard.press('Enter');
      return;
    }
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

/** Signs in, creates a key and approves a document, all without a pointer. Returns what the pages confirm. */
async function byKeyboard(browser) {
  const page = await newPage(await browser.newContext(SMALLEST.desktop));
  await page.goto(`${settings.issuer}/admin`);
  await page.locator('#username:focus').waitFor();
  await page.keyboard.type(settings.username);
  await page.keyboard.press('Tab');
  await page.keyboard.type(settings.password);
  await page.keyboard.press('Enter');
  await heading(page, 'Overview');
  await press(page, 'Keys');
  await heading(page, 'Signing keys');
  await press(page, 'Create the next key now');
  await press(page, 'Create the next key now');
  const confirmed = [await page.getByRole('status').innerText()];
  await page.goto(settings.pages['console-document']);
  await press(page, 'Approve');
  await press(page, 'Approve');
  confirmed.push(await page.getByRole('status').innerText());
  await page.context().close();
  return confirmed;
}

/** The code that an authenticator app shows (RFC 6238). */
function code(secret, steps = 0) {
  const bits = [...secret.replaceAll(' ', '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map(octet => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(counter).digest();
  return String((digest.readUInt32BE(digest[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

const secret = async page => (await page.locator('.secret code').textContent()).trim();

async function accountPages(page, device) {
  const account = `${settings.issuer}/account`;
  await page.goto(account);
  await examine(page, 'login', device);
  await fillLogin(page);
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await page.locator('#problem:not([hidden])').waitFor();
  await examine(page, 'login-refused', device);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await heading(page, 'Sign in with a passkey');
  await examine(page, 'passkey', device);
  await page.goto(`${account}/reset`);
  await examine(page, 'reset', device);
  await page.getByLabel('Username or email address').fill('nobody');
  await page.keyboard.press('Enter');
  await heading(page, 'Look into your mailbox');
  await examine(page, 'reset-sent', device);

  await logIn(page, account);
  await heading(page, 'Your account');
  await open(page);
  await examine(page, 'account', device);
  for (const [what, url] of Object.entries(settings.pages)) {
    await page.goto(url);
    await examine(page, what, device);
  }
  await page.goto(`${account}/password`);
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password', { exact: true }).fill('purple monkey dishwasher');
  await page.getByLabel('New password again').fill('purple monkey dishwasher');
  await page.keyboard.press('Enter');
  await page.locator('#problem:not([hidden])').waitFor();
  await examine(page, 'account-password-refused', device);
  await newcomer(page, device);
}

/** A user who needs a second factor and has none. */
async function newcomer(page, device) {
  const account = `${settings.issuer}/account`;
  await page.context().clearCookies();
  await logIn(page, account, settings.newcomers[device], settings.newPassword);
  await page.getByRole('heading', { level: 1, name: /second factor|authenticator app/ }).waitFor();
  await examine(page, 'enrolment', device);
  const key = await secret(page);
  await page.getByLabel('Code that the app shows').fill('000000');
  await page.getByRole('button', { name: 'Add the app' }).click();
  await page.locator('#problem:not([hidden])').waitFor();
  await examine(page, 'enrolment-refused', device);
  await page.getByLabel('Code that the app shows').fill(code(key));
  await page.getByRole('button', { name: 'Add the app' }).click();
  await heading(page, 'Your recovery codes');
  await examine(page, 'recovery-codes', device);
  await page.getByRole('link', { name: 'Continue' }).click();
  await heading(page, 'Your account');
  await examine(page, 'account-empty', device);
  await page.goto(`${account}/factor`);
  await examine(page, 'account-factor-set', device);
  await page.goto(account);
  await page.getByRole('button', { name: 'Log out', exact: true }).click();
  await logIn(page, account, settings.newcomers[device], settings.newPassword);
  await heading(page, 'Confirm that it is you');
  await examine(page, 'factor', device);
  await page.getByLabel('Code').fill('000000');
  await page.keyboard.press('Enter');
  await page.locator('#problem:not([hidden])').waitFor();
  await examine(page, 'factor-refused', device);
}

await run(async browser => {
  const confirmed = settings.action === 'console' ? await byKeyboard(browser) : [];
  for (const [device, options] of Object.entries(SMALLEST)) {
    const page = await newPage(await browser.newContext(options));
    await (settings.action === 'console' ? consolePages : accountPages)(page, device);
    await page.context().close();
  }
  return { overflow, violations, unreached, confirmed };
});
