// A peer that the benchmark runs beside Gatehouse: node-oidc-provider with its store in memory. Takes the port.
import { Provider } from 'oidc-provider';

const port = Number(process.argv[2]);
const client = {
  client_id: 'mcp-test-client', client_secret: 'mcp-test-secret', grant_types: ['client_credentials'], redirect_uris: [], response_types: [],
};
const features = { clientCredentials: { enabled: true }, introspection: { enabled: true }, devInteractions: { enabled: false } };
const provider = new Provider(`http://localhost:${port}`, { clients: [client], scopes: ['mcp:read'], features, ttl: { ClientCredentials: 3600 } });
provider.listen(port, 'localhost');
