// Journeys through the pages of the authorization server. Takes one JSON argument
//   {chromium, url, username, password, action: "allow"|"deny"|"twoTabs"|"look", until, screenshots}
// where `until` is the prefix of the address at which the journey ends; a listener answers there unless `listen` is false.
// The result has the final address and what was seen on the way.
import { createServer } from 'node:http';
import { SMALLEST, allow, deny, fillLogin, inEachLook, logIn, newPage, run, screenshot, settings } from './person.mjs';

const USUAL = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 800 } },
};

function listen() {
  const target = new URL(settings.until);
  const server = createServer((request, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('Back at the client.'));
  return new Promise((resolve, reject) => server.on('error', reject).listen(Number(target.port), target.hostname, () => resolve(server)));
}

const arrived = page => page.waitForURL(url => url.href.startsWith(settings.until));

async function decide(browser, decision) {
  const page = await newPage(await browser.newContext());
  await page.goto(settings.url);
  await logIn(page);
  const consent = await page.innerText('body');
  await decision(page);
  await arrived(page);
  return { url: page.url(), consent };
}

/** Both tabs are opened before either is finished; the second is behind the first one's login. */
async function twoTabs(browser) {
  const context = await browser.newContext();
  const [first, second] = [await newPage(context), await newPage(context)];
  await first.goto(settings.url);
  await second.goto(settings.otherUrl);
  for (const page of [first, second]) {
    if (await page.locator('input[type=password]').count()) await logIn(page);
  }
  for (const page of [first, second]) {
    if (!page.url().startsWith(settings.until)) await allow(page);
    await arrived(page);
  }
  return { url: first.url(), otherUrl: second.url() };
}

/** The out-of-band page ends at the server itself. */
async function outOfBand(browser) {
  const page = await newPage(await browser.newContext());
  await page.goto(settings.url);
  await logIn(page);
  await allow(page);
  await page.waitForSelector('[value^="ghc_"]');
  await screenshot(page, 'out-of-band');
  return { url: page.url(), text: await page.innerText('body'), html: await page.content() };
}

/** Login, consent and error in every look. */
async function look(browser) {
  return { overflow: await inEachLook(browser, USUAL, async (page, shoot) => {
    await page.goto(settings.url);
    await shoot('login');
    await fillLogin(page);
    await page.getByLabel(/password/i).fill('not the password');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]:not([hidden])');
    await shoot('login-refused');
    await logIn(page);
    await shoot('consent');
    await page.goto(settings.errorUrl);
    await shoot('error');
  }) };
}

/** Where the two buttons of the decision are, without scrolling, on the smallest phone and desktop. */
async function inView(browser) {
  const seen = {};
  for (const [name, { viewport }] of Object.entries(SMALLEST)) {
    const page = await newPage(await browser.newContext({ viewport }));
    await page.goto(settings.url);
    await logIn(page);
    seen[name] = await page.evaluate(() => {
      const reached = value => {
        const button = document.querySelector(`button[value=${value}]`);
        const box = button.getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight && button === document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      };
      return { allow: reached('approve'), deny: reached('deny'), scrolled: scrollY, scopes: document.querySelectorAll('.scopes li').length };
    });
    await screenshot(page, `${settings.name}-${name}`);
    await page.context().close();
  }
  return { seen };
}

/** A page without scripts whose first half second is stopped: what a click and the keyboard do in it, and after it. */
async function early(browser) {
  const context = await browser.newContext({ javaScriptEnabled: false, reducedMotion: settings.reducedMotion });
  const page = await newPage(context);
  await page.goto(settings.url);
  await logIn(page);
  const { x, y, width, height } = await page.locator('button[value=approve]').boundingBox();
  const click = () => page.mouse.click(x + width / 2, y + height / 2);
  const tools = await context.newCDPSession(page);
  await tools.send('Animation.enable');
  await tools.send('Animation.setPlaybackRate', { playbackRate: 0 });
  await page.reload();
  const consent = page.url();
  await click();
  for (let i = 0; i < 20; i++) await page.keyboard.press('Tab');
  const focused = await page.evaluate(() => [...document.querySelectorAll('button')].map(button => getComputedStyle(button).visibility));
  await page.waitForLoadState();
  const stayed = page.url() === consent;
  await tools.send('Animation.setPlaybackRate', { playbackRate: 1 });
  await page.reload();
  await page.waitForSelector('button[value=approve]');
  const duration = await page.evaluate(() => getComputedStyle(document.querySelector('button[value=approve]')).animationDuration);
  await click();
  await arrived(page);
  return { stayed, focused, duration, url: page.url() };
}

/** A click that follows at once on the window's coming to the front, and one a while later. */
async function refocused(browser) {
  const page = await newPage(await browser.newContext());
  await page.goto(settings.url);
  await logIn(page);
  const { x, y, width, height } = await page.locator('button[value=approve]').boundingBox();
  const tools = await page.context().newCDPSession(page);
  await tools.send('Animation.enable');
  await tools.send('Animation.setPlaybackRate', { playbackRate: 0 });
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  const hit = await page.evaluate(([px, py]) => document.elementFromPoint(px, py).className, [x + width / 2, y + height / 2]);
  await tools.send('Animation.setPlaybackRate', { playbackRate: 1 });
  await allow(page);
  await arrived(page);
  return { hit, url: page.url() };
}

/** Pages in every look: those of `pages` by address, then the decision of `deniedUrl` refused. */
async function gallery(browser) {
  return { overflow: await inEachLook(browser, SMALLEST, async (page, shoot) => {
    await page.goto(settings.url);
    await shoot('login');
    await logIn(page);
    for (const [what, url] of Object.entries(settings.pages)) {
      await page.goto(url);
      await shoot(what);
    }
    await page.goto(settings.deniedUrl);
    await deny(page);
    await page.waitForSelector('.mark');
    await shoot('denied');
  }) };
}

/** What a keyboard reaches, in order, and what a screen reader is told it is. */
async function keyboard(browser) {
  const page = await newPage(await browser.newContext());
  const walk = async () => {
    const stops = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab');
      stops.push(await page.evaluate(() => {
        const e = document.activeElement;
        const label = e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || e.name || '';
        const outline = getComputedStyle(e);
        return { tag: e.tagName, label: label.trim(), visible: outline.outlineStyle !== 'none' || outline.boxShadow !== 'none' };
      }));
    }
    return stops.filter(stop => stop.tag !== 'BODY');
  };
  await page.goto(settings.url);
  const login = { title: await page.title(), lang: await page.getAttribute('html', 'lang'), stops: await walk() };
  await logIn(page);
  return { login, consent: { title: await page.title(), stops: await walk() } };
}

const ACTIONS = { allow: b => decide(b, allow), deny: b => decide(b, deny), twoTabs, outOfBand, look, keyboard, inView, early, refocused, gallery };

const listener = settings.until && settings.listen !== false ? await listen() : undefined;
await run(ACTIONS[settings.action]);
listener?.close();
listener?.closeAllConnections();
