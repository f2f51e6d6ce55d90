// A real MCP client for which a company's identity provider opens the door (the SDK's cross-app access):
//   {url, company, subject: {token, type}, companyClient: {id, secret}, client: {id, secret, issuer}, scope}
// It asks the company for an assertion, redeems it at the MCP server's own authorization server, and calls a tool. No person
// is asked for anything.
import { Client, CrossAppAccessProvider, StreamableHTTPClientTransport, discoverAndRequestJwtAuthGrant } from '@modelcontextprotocol/client';
import { run } from './callback.mjs';

const settings = JSON.parse(process.argv[2]);

/** The SDK says of everything that it exchanges that it is an ID token; a refresh token of the same login does as well. */
const withType = (url, init) => {
  if (typeof init?.body !== 'string' || !init.body.includes('subject_token_type')) return fetch(url, init);
  const form = new URLSearchParams(init.body);
  form.set('subject_token_type', settings.subject.type);
  return fetch(url, { ...init, body: form.toString() });
};

await run(async () => {
  const asked = [];
  const provider = new CrossAppAccessProvider({
    clientId: settings.client.id, clientSecret: settings.client.secret, expectedIssuer: settings.client.issuer,
    assertion: async context => {
      asked.push({ audience: String(context.authorizationServerUrl), resource: String(context.resourceUrl), scope: context.scope });
      const grant = await discoverAndRequestJwtAuthGrant({
        idpUrl: settings.company, audience: context.authorizationServerUrl, resource: context.resourceUrl, scope: context.scope,
        idToken: settings.subject.token, clientId: settings.companyClient.id, clientSecret: settings.companyClient.secret,
        fetchFn: withType,
      });
      return grant.jwtAuthGrant;
    },
  });
  const client = new Client({ name: 'interoperability-test', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(settings.url), { authProvider: provider }));
  const profile = await client.callTool({ name: 'get_user_profile', arguments: {} });
  await client.close();
  return { asked, profile, tokens: provider.tokens() };
});
