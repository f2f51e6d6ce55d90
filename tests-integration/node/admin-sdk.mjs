// The REST API of the administration, used through a client that a generator makes from its OpenAPI document. Takes
//   {document, directory, tokens: [one owner's, another owner's], guest: {sub, username}}
// It lints the document, generates the client into the directory, and calls each operation once or more. Prints the problems of the linter and the operations.
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createConfig, lint } from '@redocly/openapi-core';
import { createClient as generate } from '@hey-api/openapi-ts';

const { document, directory, tokens, guest } = JSON.parse(process.argv[2]);
const file = `${directory}/openapi.json`;
const description = await (await fetch(document)).json();
await writeFile(file, JSON.stringify(description));

// The server of this test is on localhost, which the rule takes for an example.
const config = await createConfig({ extends: ['recommended'], rules: { 'no-server-example.com': 'off' } });
const problems = (await lint({ ref: file, config })).map(each => `${each.ruleId}: ${each.message} ${each.location[0]?.pointer}`);

await generate({ input: file, output: { path: `${directory}/sdk`, module: { extension: '.ts' } }, logs: { level: 'silent' } });
const sdk = await import(pathToFileURL(`${directory}/sdk/index.ts`));
const { createClient } = await import(pathToFileURL(`${directory}/sdk/client/index.ts`));

const baseUrl = description.servers[0].url;
const [first, second] = tokens.map(token => createClient({ baseUrl, auth: token }));
const called = new Set();

/** Calls an operation. Fails unless the status is the expected one. */
async function call(operation, options = {}, status = undefined, client = first) {
  const { data, error, response } = await sdk[operation]({ client, ...options });
  if (status === undefined ? !response.ok : response.status !== status) {
    throw new Error(`${operation}: ${response.status} ${JSON.stringify(error ?? data)}`);
  }
  called.add(operation);
  return { data, error, tag: response.headers.get('ETag'), response };
}

const match = read => ({ headers: { 'If-Match': read.tag } });
const check = (holds, what) => {
  if (!holds) {
    throw new Error(what);
  }
};

async function users() {
  const { data: { sub } } = await call('createUser', { body: { username: 'sdk-user', email: 'sdk@example.com', password: 'a long unusual sentence' }, headers: { 'Idempotency-Key': 'sdk-1' } }, 201);
  const path = { sub };
  await call('changeUser', { path, body: { name: 'Sdk' }, ...match(await call('readUser', { path })) });
  const refused = await call('changeUser', { path, body: { name: 'Other' }, headers: { 'If-Match': '"old"' } }, 412);
  check(refused.error.type === 'urn:gatehouse:problem:changed', 'the error is not the problem of the document');
  const page = await call('listUsers', { query: { limit: 1 } });
  check(page.data.items.length === 1 && typeof page.data.next === 'string', 'the first page has one user and a cursor');
  await call('listUsers', { query: { limit: 1, cursor: page.data.next } });
  const identity = await call('linkIdentity', { path, body: { issuer: 'https://idp.example', subject: 's-1' } }, 201);
  check((await call('listIdentities', { path })).data.items.length === 1, 'the identity is not listed');
  await call('unlinkIdentity', { path: { sub, identity_id: identity.data.identity_id } });
  await call('unlockUser', { path });
  await call('endAccess', { path });
  await call('createGroup', { body: { name: 'Night/shift ü' } }, 201);
  await call('addMember', { path: { name: 'Night/shift ü', sub } });
  const group = await call('readGroup', { path: { name: 'Night/shift ü' } });
  check(group.data.members[0].sub === sub, 'the user is not a member');
  check((await call('listGroups', { query: { q: 'Night' } })).data.items[0].member_count === 1, 'the group is not counted');
  await call('removeMember', { path: { name: 'Night/shift ü', sub } });
  await call('deleteGroup', { path: { name: 'Night/shift ü' }, ...match(await call('readGroup', { path: { name: 'Night/shift ü' } })) });
  return sub;
}

async function secondOwner(sub) {
  const path = { sub };
  const owner = async () => (await call('setRole', { path, body: { role: 'owner' }, ...match(await call('readUser', { path })) }, 202)).data.change_id;
  const change_id = await owner();
  check((await call('listChanges')).data.items[0].change_id === change_id, 'the change does not wait');
  await call('confirmChange', { path: { change_id } }, 403);
  await call('confirmChange', { path: { change_id } }, 204, second);
  check((await call('readUser', { path })).data.role === 'owner', 'the second owner has confirmed, and the role is not there');
  await call('setRole', { path, body: { role: 'none' }, ...match(await call('readUser', { path })) }, 200);
  await call('cancelChange', { path: { change_id: await owner() } }, 204);
  await call('deleteUser', { path, ...match(await call('readUser', { path })) }, 204);
}

async function clients() {
  const created = await call('createClient', { body: { client_id: 'sdk-client', client_name: 'Sdk', redirect_uris: ['https://sdk.example.com/cb'], scope: 'mcp:read' } }, 201);
  check(created.data.client_secret.startsWith('ghs_'), 'there is no secret');
  const path = { client_id: 'sdk-client' };
  await call('rotateSecret', { path, body: { overlap_seconds: 0 } }, 201);
  await call('changeClient', { path, body: { client_name: 'New', policy: { accessTokenSeconds: 60 } }, ...match(await call('readClient', { path })) });
  check((await call('listClients', { query: { kind: 'pre_registered', q: 'sdk-' } })).data.items[0].policy.accessTokenSeconds === 60, 'the lifetime has not changed');
  await call('deleteClient', { path, ...match(await call('readClient', { path })) });
}

async function documents() {
  const host = createServer((request, response) => response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ client_id: url, client_name: 'Document',
    redirect_uris: ['http://127.0.0.1/cb'], token_endpoint_auth_method: 'none' })));
  await new Promise(ready => host.listen(0, 'localhost', ready));
  const url = `http://localhost:${host.address().port}/client.json`;
  try {
    const read = await call('readDocument', { path: { url } });
    check(read.data.current.client_name === 'Document', JSON.stringify(read.data));
    await call('decideDocument', { path: { url }, body: { decision: 'blocked' }, ...match(read) });
    check((await call('listDocuments')).data.items.some(each => each.url === url && each.decision === 'blocked'), 'the decision is not listed');
  } finally {
    host.close();
  }
}

async function access() {
  const grant = (await call('listGrants', { query: { sub: guest.sub, state: 'live' } })).data.items[0];
  await call('revokeGrant', { path: { grant_id: grant.grant_id } });
  check(typeof (await call('readGrant', { path: { grant_id: grant.grant_id } })).data.revoked_at === 'string', 'the grant is not revoked');
  const session = (await call('listSessions', { query: { sub: guest.sub } })).data.items[0];
  await call('endSession', { path: { session_id: session.session_id } });
  check((await call('listSessions', { query: { sub: guest.sub } })).data.items.length === 0, 'the session has not ended');
}

async function server() {
  await call('rotateKey', {}, 201);
  const keys = (await call('listKeys')).data.items;
  const path = { kid: keys[0].kid };
  const removal = await call('removeKey', { path, ...match(await call('readKey', { path })) }, 202);
  await call('cancelChange', { path: { change_id: removal.data.change_id } });
  await call('overview');
  check((await call('search', { query: { q: guest.username } })).data.users[0].sub === guest.sub, 'the user is not found');
  check((await call('listScopes')).data.items.length > 0 && (await call('listResources')).data.items.length > 0, 'there are no scopes');
  check((await call('verifyAudit')).data.intact, 'the trail is not intact');
  check((await call('listAudit', { query: { event: 'login_succeeded' } })).data.items[0].event === 'login_succeeded', 'there is no event');
  check((await call('exportAudit', { query: { event: 'login_succeeded' }, parseAs: 'text' })).data.split('\n')[0].includes('login_succeeded'), 'nothing is exported');
}

async function policies() {
  const name = (await call('listPolicies')).data.items[0].name;
  const text = JSON.stringify({ rules: [{ name: 'reads', effect: 'allow', when: "caller.user == 'bob'" }] });
  await call('replacePolicy', { path: { name }, body: { text }, ...match(await call('readPolicy', { path: { name } })) });
  const explanation = await call('explainPolicy', { path: { name }, body: { tool: 'list_secure_notes', caller: { user: 'bob' } } });
  check(explanation.data.effect === 'allow' && explanation.data.rule === 'reads', JSON.stringify(explanation.data));
  const { number } = (await call('listPolicyVersions', { path: { name } })).data.items[0];
  check((await call('readPolicyVersion', { path: { name, number: String(number) } })).data.text === text, 'the version is not kept');
}

const sub = await users();
await secondOwner(sub);
await clients();
await documents();
await access();
await server();
await policies();
const operations = Object.values(description.paths).flatMap(path => Object.values(path)).map(each => each.operationId);
console.log('RESULT ' + JSON.stringify({ problems, operations: operations.length, missed: operations.filter(each => !called.has(each)) }));
