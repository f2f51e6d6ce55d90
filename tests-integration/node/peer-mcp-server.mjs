// A peer that the benchmark runs beside Gatehouse: the TypeScript SDK without sessions, with its bearer middleware and a constant check. Takes the port.
import express from 'express';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';

const text = JSON.stringify({ user_id: 'testuser', sub: 'x'.repeat(120), permissions: ['mcp:read'] });
const verifier = { verifyAccessToken: async (token) => ({ token, clientId: 'c', scopes: ['mcp:read'], expiresAt: Date.now() / 1000 + 3600 }) };
const app = express();
app.use(express.json());
app.post('/mcp', requireBearerAuth({ verifier }), async (request, response) => {
  const server = new McpServer({ name: 'peer', version: '1' });
  server.registerTool('get_user_profile', { description: 'A profile' }, async () => ({ content: [{ type: 'text', text }] }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
  response.on('close', () => { transport.close(); server.close(); });
  await server.connect(transport);
  await transport.handleRequest(request, response, request.body);
});
app.listen(Number(process.argv[2]), 'localhost');
