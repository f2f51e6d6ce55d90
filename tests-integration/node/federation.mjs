// A person who signs in to the authorization server through identity providers. Takes one JSON argument
//   {chromium, screenshots, until, journeys: [{name, url, button, choose}], look: {url, button}, provider: {port, redirectUri, afterLogout, backChannel, jwk}}
// where a journey without `choose` leads through a real oidc-provider, which runs here on `provider.port`.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { allow, inEachLook, newPage, run, settings } from './person.mjs';

const DEVICES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
};

function startProvider() {
  const { port, redirectUri, afterLogout, backChannel, jwk } = settings.provider;
  const { d, ...published } = jwk;
  const provider = new Provider(`http://localhost:${port}`, {
    clients: [{ client_id: 'gatehouse', redirect_uris: [redirectUri], post_logout_redirect_uris: [afterLogout], backchannel_logout_uri: backChannel,
      grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'ES256', jwks: { keys: [published] } }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'offline_access', 'email', 'profile', 'groups'],
    features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
    cookies: { keys: ['only for this test'] },
    findAccount: (context, sub) => ({ accountId: sub,
      claims: () => ({ sub, email: `${sub}@oidc-provider.example`, email_verified: true, name: 'Ada at oidc-provider', groups: ['engineers'] }) }),
  });
  return provider.listen(port, 'localhost');
}

/** The pages of oidc-provider for development, which refer to fonts of a third party. */
async function signInAtOidcProvider(page) {
  await page.locator('input[name=login]').fill('ada');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: /continue/i }).click();
}

async function journey(browser, { name, url, button, choose }) {
  const context = await browser.newContext();
  await context.route(route => !/^(localhost|127\.0\.0\.1)$/.test(route.hostname), route => route.abort());
  const page = await newPage(context);
  await page.goto(url);
  await page.getByRole('button', { name: button }).click();
  if (choose) {
    await page.getByRole('button', { name: choose }).click();
  } else {
    await signInAtOidcProvider(page);
  }
  await page.waitForSelector('button[value=approve]', { timeout: 10_000 }).catch(async error => {
    throw new Error(`${name}: ${error.message} on ${page.url()}: ${await page.innerText('body')}`);
  });
  const consent = await page.innerText('body');
  await allow(page);
  await page.waitForURL(to => to.href.startsWith(settings.until));
  const arrived = page.url();
  await page.goto(new URL('/account', url).href);
  const account = await page.innerText('body');
  const ending = page.locator('#logout button');
  await ending.click();
  if (!choose) {
    await page.getByRole('button', { name: /yes/i }).click();
  }
  await page.waitForURL(to => to.pathname === '/account');
  const loggedOut = await page.getByRole('button', { name: button }).isVisible();
  await context.close();
  return { name, url: arrived, consent, account, loggedOut };
}

/** The pages in every look; and whether anything sticks out sideways. */
function look(browser, { url, button }) {
  return inEachLook(browser, DEVICES, async (page, shoot) => {
    await page.goto(url);
    await shoot('federation-login');
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.waitForSelector('#providers');
    await page.getByRole('button', { name: button }).click();
    await page.getByRole('button', { name: 'ada' }).click();
    await page.waitForSelector('button[value=approve]');
    await page.goto(new URL('/account', url).href);
    await shoot('federation-account');
    await page.goto(new URL('/oauth/callback/google?state=x&code=y', url).href);
    await shoot('federation-failure');
  });
}

await run(async browser => {
  const target = new URL(settings.until);
  const client = createServer((request, response) => response.end('Back at the client.')).listen(Number(target.port), target.hostname);
  const provider = startProvider();
  try {
    const journeys = [];
    for (const each of settings.journeys) journeys.push(await journey(browser, each));
    return { journeys, overflow: await look(browser, settings.look) };
  } finally {
    client.close();
    provider.close();
    provider.closeAllConnections();
  }
});
