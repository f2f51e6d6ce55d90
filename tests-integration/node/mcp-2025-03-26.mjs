// A client of revision 2025-03-26, on the TypeScript SDK of that time, which knows no protected resource metadata:
//   {url, redirectUri, metadata}
// Where `metadata` is false it finds none, as a client that does not look for it, and uses the default endpoints at the MCP server's origin.
import { Client } from 'sdk-2025-03-26/client/index.js';
import { StreamableHTTPClientTransport } from 'sdk-2025-03-26/client/streamableHttp.js';
import { UnauthorizedError } from 'sdk-2025-03-26/client/auth.js';
import { browse, listen, run } from './callback.mjs';

const settings = JSON.parse(process.argv[2]);
const asked = [];
const send = globalThis.fetch;
globalThis.fetch = async (input, options) => {
  const url = new URL(input.url ?? input);
  if (!settings.metadata && url.pathname.startsWith('/.well-known/')) return new Response('', { status: 404 });
  asked.push(`${url.origin}${url.pathname}`);
  return send(input, options);
};

class Application {
  #next;
  #information;
  #tokens;
  #verifier;

  constructor(next) { this.#next = next; }

  get redirectUrl() { return settings.redirectUri; }
  get clientMetadata() {
    return { client_name: 'Client of 2025-03-26', redirect_uris: [settings.redirectUri], token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
  }
  clientInformation() { return this.#information; }
  saveClientInformation(information) { this.#information = information; }
  tokens() { return this.#tokens; }
  saveTokens(tokens) { this.#tokens = tokens; }
  saveCodeVerifier(verifier) { this.#verifier = verifier; }
  codeVerifier() { return this.#verifier; }
  async redirectToAuthorization(url) { this.answer = browse(this.#next, url); }
}

await run(async () => {
  const application = new Application(await listen(settings.redirectUri));
  const connect = () => {
    const transport = new StreamableHTTPClientTransport(new URL(settings.url), { authProvider: application });
    const client = new Client({ name: 'client-of-2025-03-26', version: '1.0.0' });
    return { client, transport, connected: client.connect(transport) };
  };
  const first = connect();
  try {
    await first.connected;
    throw new Error('was let in without a token');
  } catch (refused) {
    if (!(refused instanceof UnauthorizedError)) throw refused;
  }
  await first.transport.finishAuth((await application.answer).searchParams.get('code'));
  const second = connect();
  await second.connected;
  const profile = await second.client.callTool({ name: 'get_user_profile', arguments: {} });
  await second.client.close();
  return { asked, profile, tokens: application.tokens() };
});
