// A person at the web page of the MCP Inspector. Takes one JSON argument
//   {chromium, username, password, screenshots, name, page, login, decision: "allow"|"deny"}
// where `login` is the prefix of the address at which the person logs in, none when the Inspector has a token. The result is what the page
// shows: the connection, the tools, a note that is created, read and deleted, and each message and request.
import { allow, deny, logIn, newPage, run, screenshot, settings } from './person.mjs';

const DECISIONS = { allow, deny };
// A process has to start first, on a machine that may be busy.
const CONNECTED = 90_000;
const CONTENT = `Written as ${settings.name}`;

const shown = page => page.innerText('main');
const shoot = (page, what) => screenshot(page, `inspector-${settings.name}-${what}`);
const open = (page, tab) => page.locator('header').getByText(tab, { exact: true }).click();

async function connect(page) {
  // The page has a font of a third party, and does without.
  await page.route(url => url.hostname.endsWith('.googleapis.com'), route => route.abort());
  await page.goto(settings.page);
  // The input of the switch is laid out without a size, so that it cannot be clicked at a place.
  await page.getByRole('switch', { name: /^Connect or disconnect/ }).dispatchEvent('click');
  if (settings.login) {
    // The page sends the browser there twice at once: the first navigation is aborted.
    await page.locator('input[type=password]').waitFor();
    if (!page.url().startsWith(settings.login)) throw new Error(`The person is asked to log in at ${page.url()}`);
    await logIn(page);
    await DECISIONS[settings.decision](page);
  }
}

async function refused(page) {
  const notice = page.getByRole('alert').filter({ hasText: 'access_denied' }).first();
  const told = await notice.innerText();
  await shoot(page, 'refused');
  return { told, server: await shown(page) };
}

async function used(page) {
  await page.waitForSelector('[data-testid=connection-status][data-status=connected]', { timeout: CONNECTED });
  const server = await shown(page);
  await shoot(page, 'connected');
  await open(page, 'Tools');
  await page.getByText('get_user_profile').waitFor();
  const tools = await shown(page);
  await execute(page, 'create_secure_note', { title: settings.name, content: CONTENT });
  await page.getByText('"note_id"').first().waitFor();
  const note = await readNote(page);
  await shoot(page, 'read');
  await open(page, 'Tools');
  await execute(page, 'delete_secure_note', { note_id: /user:\/\/notes\/(\S+)/.exec(note)[1] });
  const asked = await confirm(page);
  await page.getByText('"deleted"').first().waitFor();
  await shoot(page, 'deleted');
  return { name: settings.name, server, tools, note, asked, messages: await sidebar(page, 'Protocol'), requests: await sidebar(page, 'Network') };
}

async function execute(page, tool, values) {
  await page.getByRole('button', { name: tool }).click();
  for (const [label, value] of Object.entries(values)) await page.getByRole('textbox', { name: new RegExp(`^${label}`) }).fill(value);
  await page.getByRole('button', { name: 'Execute Tool' }).click();
}

/** Through the list of resources, which the server says has changed. */
async function readNote(page) {
  await open(page, 'Resources');
  await page.getByText('List updated').waitFor();
  await page.getByRole('button', { name: 'Refresh' }).first().click();
  await page.getByText(settings.name, { exact: true }).first().click();
  await page.getByText(CONTENT).waitFor();
  return shown(page);
}

/** Answers the server's question, and returns it. */
async function confirm(page) {
  const question = page.getByRole('dialog');
  const asked = await question.innerText();
  await shoot(page, 'asked');
  await question.getByText('Delete this note').click();
  await question.getByRole('button', { name: 'Submit' }).click();
  return asked;
}

/** A tab of the sidebar; a process on this machine has no Network. */
async function sidebar(page, name) {
  const tab = page.locator('main').getByText(name, { exact: true });
  if (!await tab.count()) return '';
  await tab.click();
  return shown(page);
}

await run(async browser => {
  const page = await newPage(await browser.newContext({ viewport: { width: 1400, height: 900 } }));
  await connect(page);
  return settings.decision === 'deny' ? refused(page) : used(page);
});
