// The TypeScript SDK 2.x in one era or another, with a token that is there already. Takes one JSON argument
//   {transport: "http"|"stdio", url, token, command: [..], environment: {..}, mode: "auto"|"legacy"|{pin: "2026-07-28"}}
// and prints "RESULT <json>".
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const settings = JSON.parse(process.argv[2]);
const client = new Client({ name: 'whole-system-test', version: '1.0.0' },
  { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: settings.mode } });

let asked = 0;
client.setRequestHandler('elicitation/create', async () => {
  asked++;
  return { action: 'accept', content: { confirm: true } };
});
const changed = new Promise(resolve => client.setNotificationHandler('notifications/resources/list_changed', async () => resolve(true)));

function transport() {
  if (settings.transport === 'stdio') {
    const [command, ...args] = settings.command;
    return new StdioClientTransport({ command, args, env: { ...process.env, ...settings.environment }, stderr: 'ignore' });
  }
  return new StreamableHTTPClientTransport(new URL(settings.url), { requestInit: { headers: { Authorization: `Bearer ${settings.token}` } } });
}

await client.connect(transport());
const version = client.getNegotiatedProtocolVersion();
const tools = (await client.listTools()).tools.map(tool => tool.name);
const profile = await client.callTool({ name: 'get_user_profile', arguments: {} });
if (version === '2026-07-28') await client.listen({ resourcesListChanged: true });
const created = (await client.callTool({ name: 'create_secure_note', arguments: { title: 'Of the eras', content: 'text' } })).structuredContent;
const heard = await Promise.race([changed, new Promise(resolve => setTimeout(() => resolve(false), 10_000))]);
const read = await client.readResource({ uri: created.uri });
const deleted = (await client.callTool({ name: 'delete_secure_note', arguments: { note_id: created.note_id } })).structuredContent;
console.log('RESULT ' + JSON.stringify({ version, tools, profile, read, deleted, asked, heard }));
await client.close();
process.exit(0);
