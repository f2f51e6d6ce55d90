// An MCP server that the TypeScript SDK protects, with node-oidc-provider as its authorization server. Takes one JSON argument {port, providerPort}.
import { createServer } from 'node:http';
import { once } from 'node:events';
import express from 'express';
import Provider from 'oidc-provider';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';

const { port, providerPort } = JSON.parse(process.argv[2]);
const issuer = `http://localhost:${providerPort}`;
const resource = new URL(`http://localhost:${port}/mcp`);

const provider = new Provider(issuer, {
  scopes: ['openid', 'offline_access', 'mcp:read'],
  clientDefaults: { application_type: 'native' },
  clientBasedCORS: () => true,
  cookies: { keys: ['only for this test'] },
  features: {
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    resourceIndicators: { enabled: true, defaultResource: () => resource.href,
      getResourceServerInfo: () => ({ scope: 'mcp:read', audience: resource.href, accessTokenFormat: 'jwt' }) },
  },
});
await once(provider.listen(providerPort, 'localhost'), 'listening');
const metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();

// No token is valid here: the doctor goes as far as the login page.
const verifier = { async verifyAccessToken() { throw new InvalidTokenError('not a token of this server'); } };
const app = express();
app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: resource, scopesSupported: ['mcp:read'] }));
app.use('/mcp', requireBearerAuth({ verifier, requiredScopes: ['mcp:read'], resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource) }));
createServer(app).listen(port, 'localhost', () => console.log(`listening on ${port}`));
