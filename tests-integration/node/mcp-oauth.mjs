// Real MCP clients, of both generations of the TypeScript SDK, that find, register, log in and ask for more on the way:
//   {sdk: 1|2, url, redirectUri, client: {id, secret} | {metadataUrl} | {}, keepRefresh, dpop}
// `client` is registered beforehand, has a metadata document, or registers itself. The first call reads, the second writes;
// where the token lacks a scope for it, the client asks for more and tries again.
import { browse, listen, run } from './callback.mjs';

const settings = JSON.parse(process.argv[2]);

async function load() {
  if (settings.sdk === 2) return import('@modelcontextprotocol/client');
  const [client, http, auth] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
    import('@modelcontextprotocol/sdk/client/auth.js'),
  ]);
  return { ...client, ...http, ...auth };
}

/** What an SDK asks of an application. */
class Application {
  #next;
  #information = settings.client.id ? { client_id: settings.client.id, client_secret: settings.client.secret } : undefined;
  #tokens;
  #verifier;
  #dpop;
  answers = [];
  rounds = [];

  constructor(next, sdk) {
    this.#next = next;
    if (settings.dpop) this.#dpop = sdk.DpopSession.create();
  }

  get redirectUrl() { return settings.redirectUri; }
  get clientMetadataUrl() { return settings.client.metadataUrl; }
  get clientMetadata() {
    return {
      client_name: 'Gatehouse interoperability test', redirect_uris: [settings.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'],
      token_endpoint_auth_method: settings.client.authMethod ?? 'none', ...(settings.client.applicationType
        ? { application_type: settings.client.applicationType } : {}),
    };
  }
  state() { return 'state-of-the-client'; }
  clientInformation() { return this.#information; }
  saveClientInformation(information) { this.#information = information; }
  tokens() { return this.#tokens; }
  saveTokens(tokens) { this.#tokens = settings.keepRefresh ? tokens : { ...tokens, refresh_token: undefined }; }
  saveCodeVerifier(verifier) { this.#verifier = verifier; }
  codeVerifier() { return this.#verifier; }
  dpop() { return this.#dpop; }
  async redirectToAuthorization(url) {
    this.rounds.push(url.searchParams.get('scope'));
    this.answers.push(browse(this.#next, url));
  }
}

await run(async () => {
  const sdk = await load();
  const application = new Application(await listen(settings.redirectUri), sdk);
  const connect = async () => {
    const client = new sdk.Client({ name: 'interoperability-test', version: '1.0.0' });
    const transport = new sdk.StreamableHTTPClientTransport(new URL(settings.url), { authProvider: application });
    try {
      await client.connect(transport);
      return { client, transport };
    } catch (refused) {
      if (!(refused instanceof sdk.UnauthorizedError)) throw refused;
      await finish(transport);
      return connect();
    }
  };
  const finish = async transport => {
    const answer = (await application.answers.shift()).searchParams;
    await transport.finishAuth(settings.sdk === 2 ? answer : answer.get('code'));
  };
  /** As an application does it: a call for which the person must be asked is made again behind that. */
  const call = async (connection, request) => {
    try {
      return await connection.client.callTool(request);
    } catch (refused) {
      if (!application.answers.length) throw refused;
      await finish(connection.transport);
      return connection.client.callTool(request);
    }
  };
  const connection = await connect();
  const first = application.tokens();
  const tools = (await connection.client.listTools()).tools.map(tool => tool.name);
  const profile = await call(connection, { name: 'get_user_profile', arguments: {} });
  const created = await call(connection, { name: 'create_secure_note', arguments: { title: 'Step', content: 'Up' } });
  const notes = await call(connection, { name: 'list_secure_notes', arguments: {} });
  await connection.client.close();
  return { information: application.clientInformation(), first, tokens: application.tokens(), rounds: application.rounds, tools, profile,
    created, notes };
});
