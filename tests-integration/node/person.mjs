// A person in front of a real Chromium, whom a Java test directs by one JSON argument: {chromium: its endpoint, username, password, screenshots, …}.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

export const settings = JSON.parse(process.argv[2]);
const LIMIT = 30_000;
const consoleLines = [];

/**
 * A screenshot costs as much as loading the page. Without SCREENSHOTS=all in the environment, only the `usual` ones are taken: the dark look of phones, unless the caller
 * has another choice.
 */
export async function screenshot(page, name, { usual = name.endsWith('phone-dark'), ...options } = {}) {
  if (process.env.SCREENSHOTS === 'all' || usual) {
    await page.screenshot({ path: `${settings.screenshots}/${name}.png`, ...options });
  }
}

export async function newPage(context) {
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT);
  page.on('console', message => consoleLines.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => consoleLines.push(`pageerror: ${error.message}`));
  return page;
}

/** The smallest phone and desktop for which the pages are made. */
export const SMALLEST = {
  phone: { viewport: { width: 360, height: 640 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 720 } },
};

/**
 * Calls `look` with the name of each look of the page that is open: that of its device, with each colour scheme. The page adapts to a scheme as it is, so that it is loaded
 * once. No animation runs in a look.
 */
export async function eachLook(page, device, look) {
  await page.waitForLoadState();
  for (const colorScheme of ['dark', 'light']) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(() => Promise.all(document.getAnimations().map(each => each.finished)));
    await look(`${device}-${colorScheme}`);
  }
}

/** How many pixels of the page are beyond its width. */
export const overflowOf = page => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Makes a journey with each device. It calls `shoot` for what it sees. Returns how much of that sticks out sideways in each look. */
export async function inEachLook(browser, devices, journey) {
  const overflow = {};
  for (const [name, device] of Object.entries(devices)) {
    const page = await newPage(await browser.newContext(device));
    await journey(page, what => eachLook(page, name, async look => {
      await screenshot(page, `${what}-${look}`, { fullPage: true });
      overflow[`${what}-${look}`] = await overflowOf(page);
    }));
    await page.context().close();
  }
  return overflow;
}

export async function fillLogin(page) {
  await page.getByLabel(/user/i).fill(settings.username);
  await page.getByLabel(/password/i).fill(settings.password);
}

export async function logIn(page) {
  await fillLogin(page);
  await page.keyboard.press('Enter');
  await page.waitForSelector('input[type=password]', { state: 'detached' });
  await page.waitForSelector('button[value=approve]');
}

export const allow = page => page.getByRole('button', { name: /allow|approve|authori[sz]e|agree/i }).click();
export const deny = page => page.getByRole('button', { name: /deny|cancel|decline|refuse/i }).click();

/** Prints one line "RESULT <json>" with what the journey returns and what the console said. */
export async function run(journey) {
  mkdirSync(settings.screenshots, { recursive: true });
  // The tests share one Chromium. Each program has contexts of its own in it, which end with its connection.
  const browser = await chromium.connect(settings.chromium);
  try {
    console.log(`RESULT ${JSON.stringify({ ...await journey(browser), console: consoleLines })}`);
  } catch (error) {
    console.log(`FAILED ${JSON.stringify({ message: error.message, console: consoleLines })}`);
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
