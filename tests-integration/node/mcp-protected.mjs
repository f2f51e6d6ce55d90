// An MCP server of the TypeScript SDK that is protected by the SDK's own OAuth middleware. Tokens come from another authorization server.
import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import express from 'express';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';

const { issuer, port } = JSON.parse(process.argv[2]);
const resource = new URL(`http://localhost:${port}/mcp`);
const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json();

const verifier = {
  async verifyAccessToken(token) {
    const answer = await fetch(metadata.introspection_endpoint, { method: 'POST', body: new URLSearchParams({ token }) });
    const claims = await answer.json();
    const audience = [claims.aud].flat();
    if (!claims.active || !audience.includes(resource.href)) throw new InvalidTokenError('not active, or for another server');
    return { token, clientId: claims.client_id, scopes: claims.scope.split(' '), expiresAt: claims.exp, extra: { user: claims.sub } };
  },
};

const sessions = new Map();
const app = express();
app.use(express.json());
app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: resource, scopesSupported: ['mcp:read'] }));
app.use('/mcp', requireBearerAuth({ verifier, requiredScopes: ['mcp:read'], resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(resource) }));
app.all('/mcp', async (request, response) => {
  let transport = sessions.get(request.headers['mcp-session-id']);
  if (request.headers['mcp-session-id'] && !transport) {
    response.status(404).json({ jsonrpc: '2.0', id: null, error: { code: -32001, message: 'Session not found' } });
    return;
  }
  if (!transport) {
    transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: id => sessions.set(id, transport) });
    const server = new McpServer({ name: 'protected', version: '1' });
    server.registerTool('whoami', { description: 'Names the user' },
      async extra => ({ content: [{ type: 'text', text: `user ${extra.authInfo.extra.user}` }] }));
    server.registerTool('forget_sessions', { description: 'Ends all sessions of this server after the answer' }, async () => {
      setTimeout(() => sessions.clear(), 50);
      return { content: [{ type: 'text', text: 'forgotten' }] };
    });
    await server.connect(transport);
  }
  await transport.handleRequest(request, response, request.body);
});
createServer(app).listen(port, 'localhost', () => console.log(`listening on ${port}`));
