// A real MCP client: the TypeScript SDK with an OAuth client of its own, driven by a Java test. Takes one JSON argument
//   {transport: "http"|"sse"|"stdio", url, client: {id, secret, redirectUri, scope}, command: [..], environment: {..}, calls: [..]}
// and prints lines: "AUTHORIZE <url>" when a person has to open that URL, then "RESULT <json>" or "FAILED <json>".
import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const settings = JSON.parse(process.argv[2]);

/** What the SDK asks of an application: where its client registration and its tokens are kept. */
class Registration {
  #state = crypto.randomUUID();
  #verifier;
  #tokens;

  get redirectUrl() { return settings.client.redirectUri; }

  get clientMetadata() {
    return {
      client_name: 'Gatehouse whole-system test',
      redirect_uris: [settings.client.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      scope: settings.client.scope,
    };
  }

  state() { return this.#state; }
  clientInformation() { return { client_id: settings.client.id, client_secret: settings.client.secret ?? undefined }; }
  tokens() { return this.#tokens; }
  saveTokens(tokens) { this.#tokens = tokens; }
  saveCodeVerifier(verifier) { this.#verifier = verifier; }
  codeVerifier() { return this.#verifier; }
  redirectToAuthorization(url) { console.log(`AUTHORIZE ${url}`); }
}

/** Listens on the redirect URI; resolves with the code that the browser brings there. */
function callback(registration) {
  const redirect = new URL(settings.client.redirectUri);
  return new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      const query = new URL(request.url, redirect).searchParams;
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('You may close this page.');
      if (!query.has('code') && !query.has('error')) return;
      server.close();
      server.closeAllConnections();
      if (query.get('state') !== registration.state()) reject(new Error('state differs'));
      else if (query.has('error')) reject(new Error(query.get('error')));
      else resolve(query);
    });
    server.on('error', reject).listen(Number(redirect.port), redirect.hostname);
  });
}

function transport(registration) {
  if (settings.transport === 'stdio') {
    const [command, ...args] = settings.command;
    return new StdioClientTransport({ command, args, env: { ...process.env, ...settings.environment }, stderr: 'inherit' });
  }
  const Transport = settings.transport === 'sse' ? SSEClientTransport : StreamableHTTPClientTransport;
  return new Transport(new URL(settings.url), { authProvider: registration });
}

/** Connects; on the server's challenge has the user log in, redeems the code and connects again. */
async function connect() {
  const registration = new Registration();
  const client = new Client({ name: 'whole-system-test', version: '1.0.0' });
  const first = transport(registration);
  const answer = settings.transport === 'stdio' ? undefined : callback(registration);
  answer?.catch(() => {});
  try {
    await client.connect(first);
    return { client, registration };
  } catch (refused) {
    if (!(refused instanceof UnauthorizedError)) throw refused;
  }
  await first.finishAuth((await answer).get('code'));
  const again = new Client({ name: 'whole-system-test', version: '1.0.0' });
  await again.connect(transport(registration));
  return { client: again, registration };
}

async function everything({ client, registration }) {
  const result = { server: client.getServerVersion(), tokens: registration.tokens() };
  result.tools = (await client.listTools()).tools;
  result.profile = await client.callTool({ name: 'get_user_profile', arguments: {} });
  result.created = await client.callTool({ name: 'create_secure_note', arguments: { title: 'Test', content: 'Hello World' } });
  result.notes = await client.callTool({ name: 'list_secure_notes', arguments: {} });
  result.usage = await client.callTool({ name: 'get_api_usage', arguments: {} });
  result.resources = (await client.listResources()).resources;
  result.templates = (await client.listResourceTemplates()).resourceTemplates;
  result.profileResource = await client.readResource({ uri: 'user://profile' });
  const note = result.created.structuredContent?.note_id ?? result.created.structuredContent?.id;
  result.noteResource = await client.readResource({ uri: `user://notes/${note}` });
  result.completion = await client.complete({
    ref: { type: 'ref/resource', uri: 'user://notes/{note_id}' }, argument: { name: 'note_id', value: String(note).slice(0, 6) },
  });
  return result;
}

async function unauthenticated({ client }) {
  const tools = (await client.listTools()).tools;
  return { tools, profile: await client.callTool({ name: 'get_user_profile', arguments: {} }) };
}

try {
  const connection = await connect();
  const result = await (settings.unauthenticated ? unauthenticated : everything)(connection);
  await connection.client.close();
  console.log(`RESULT ${JSON.stringify(result)}`);
  process.exit(0);
} catch (error) {
  console.log(`FAILED ${JSON.stringify({ name: error.constructor.name, message: error.message, stack: error.stack })}`);
  process.exit(1);
}
