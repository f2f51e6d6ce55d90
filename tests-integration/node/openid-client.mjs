// openid-client, an OAuth and OpenID client certified by the OpenID Foundation, against our server. Takes
//   {scenario, issuer, resource, redirectUri, client: {id, secret}, resourceServer: {id, secret}}
// A scenario whose client needs more than a secret registers it itself.
import * as oauth from 'openid-client';
import * as jose from 'jose';
import { browse, listen, refusal, run } from './callback.mjs';

const { scenario, issuer, resource, redirectUri, ...settings } = JSON.parse(process.argv[2]);
const insecure = { execute: [oauth.allowInsecureRequests] };
const plain = { ...insecure, algorithm: 'oauth2' };

const discover = (client = settings.client, options = plain) =>
  oauth.discovery(new URL(issuer), client.id, client.secret, client.secret ? undefined : oauth.None(), options);
const resourceServer = () => discover(settings.resourceServer);
const introspect = async token => ({ ...(await oauth.tokenIntrospection(await resourceServer(), token)) });

/** A request of the code flow, and the check of its answer. */
async function codeRequest(parameters = {}) {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier();
  const expectedState = oauth.randomState();
  const code_challenge = await oauth.calculatePKCECodeChallenge(pkceCodeVerifier);
  return {
    parameters: { redirect_uri: redirectUri, scope: 'mcp:read mcp:write', resource, code_challenge, code_challenge_method: 'S256',
      state: expectedState, ...parameters },
    checks: { pkceCodeVerifier, expectedState },
  };
}

async function codeFlow(config, { parameters, checks, options, build = oauth.buildAuthorizationUrl }) {
  const next = await listen(redirectUri);
  const answer = await browse(next, await build(config, parameters, options));
  return { answer, tokens: await oauth.authorizationCodeGrant(config, answer, checks, parameters.resource ? { resource } : {}, options) };
}

async function keys(alg) {
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  const jwk = { ...(await jose.exportJWK(pair.publicKey)), kid: `key-${alg}`, alg, use: 'sig' };
  return { ...pair, jwk, signing: { key: pair.privateKey, kid: jwk.kid } };
}

const register = (metadata, authentication) => oauth.dynamicClientRegistration(new URL(issuer),
  { redirect_uris: [redirectUri], client_name: 'openid-client', ...metadata }, authentication, plain);

const scenarios = {
  /** Code, refresh, introspection, revocation; and that what is spent stays spent. */
  async code() {
    const config = await discover();
    const { answer, tokens } = await codeFlow(config, await codeRequest());
    const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token, { scope: 'mcp:read' });
    const before = await introspect(tokens.access_token);
    await oauth.tokenRevocation(config, refreshed.refresh_token, { token_type_hint: 'refresh_token' });
    return { iss: answer.searchParams.get('iss'), tokens, refreshed, before, after: await introspect(tokens.access_token),
      revoked: await refusal(() => oauth.refreshTokenGrant(config, refreshed.refresh_token)) };
  },

  /** A person who refuses, and an answer that somebody has meddled with. */
  async refused() {
    const config = await discover();
    const { parameters, checks } = await codeRequest();
    const next = await listen(redirectUri);
    const answer = await browse(next, oauth.buildAuthorizationUrl(config, parameters));
    const meddled = new URL(answer);
    meddled.searchParams.set('iss', 'http://localhost:1');
    return { error: await refusal(() => oauth.authorizationCodeGrant(config, answer, checks)),
      mixedUp: await refusal(() => oauth.authorizationCodeGrant(config, meddled, checks)) };
  },

  async pushed() {
    const config = await discover();
    const { parameters, checks } = await codeRequest();
    const { answer, tokens } = await codeFlow(config, { parameters, checks, build: oauth.buildAuthorizationUrlWithPAR });
    return { iss: answer.searchParams.get('iss'), tokens, claims: await introspect(tokens.access_token) };
  },

  /** Tokens bound to a key, at both servers; the library answers nonces by itself. */
  async dpop() {
    const config = await discover(settings.publicClient);
    const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    const { tokens } = await codeFlow(config, { ...(await codeRequest({ dpop_jkt: await DPoP.calculateThumbprint() })), options: { DPoP } });
    const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token, {}, { DPoP });
    const other = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'));
    const call = (token, key) => oauth.fetchProtectedResource(config, token, new URL(resource), 'POST', JSON.stringify({ jsonrpc: '2.0', id: 1,
      method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'openid-client', version: '6' } } }),
    new Headers({ 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }), { DPoP: key });
    const bearer = await fetch(resource, { method: 'POST', headers: { Authorization: `Bearer ${refreshed.access_token}` } });
    return { tokens, refreshed, claims: await introspect(refreshed.access_token), served: (await call(refreshed.access_token, DPoP)).status,
      bearer: bearer.status, otherKey: (await call(refreshed.access_token, other).catch(error => error.cause?.[0] ? { status: 401 } : error)).status,
      stolen: await refusal(() => oauth.refreshTokenGrant(config, refreshed.refresh_token, {}, { DPoP: other })) };
  },

  async device() {
    const config = await discover(settings.publicClient);
    const started = await oauth.initiateDeviceAuthorization(config, { scope: 'mcp:read', resource });
    console.log(`DEVICE ${started.verification_uri_complete}`);
    const tokens = await oauth.pollDeviceAuthorizationGrant(config, started);
    return { started, tokens, claims: await introspect(tokens.access_token) };
  },

  async deviceRefused() {
    const config = await discover(settings.publicClient);
    const started = await oauth.initiateDeviceAuthorization(config, { scope: 'mcp:read', resource });
    console.log(`DEVICE ${started.verification_uri_complete}`);
    return { error: await refusal(() => oauth.pollDeviceAuthorizationGrant(config, started)) };
  },

  async clientCredentials() {
    const config = await discover();
    const tokens = await oauth.clientCredentialsGrant(config, { scope: 'mcp:read', resource });
    return { tokens, claims: await introspect(tokens.access_token) };
  },

  /** A program that proves itself by a key which its operator gave us; and one with a key of its own making. */
  async clientCredentialsByKey() {
    const { id, alg, key, strangersKey } = settings.program;
    const proof = async jwk => oauth.PrivateKeyJwt({ key: await jose.importJWK(jwk, alg), kid: jwk.kid });
    const as = async jwk => oauth.discovery(new URL(issuer), id, undefined, await proof(jwk), plain);
    const ask = async jwk => oauth.clientCredentialsGrant(await as(jwk), { scope: 'mcp:read', resource });
    const stranger = await refusal(() => ask(strangersKey));
    const tokens = await ask(key);
    return { stranger, tokens, claims: await introspect(tokens.access_token) };
  },

  /** A client that proves itself by a key, whose public half it registered. */
  async privateKey() {
    const results = {};
    for (const alg of settings.algorithms) {
      const pair = await keys(alg);
      const config = await register({ token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: alg,
        jwks: { keys: [pair.jwk] }, grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
      oauth.PrivateKeyJwt(pair.signing));
      const { tokens } = await codeFlow(config, await codeRequest());
      const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token);
      await oauth.tokenRevocation(config, refreshed.refresh_token);
      results[alg] = { tokens, refreshed, after: await introspect(refreshed.access_token) };
    }
    return results;
  },

  /** OpenID Connect: discovery by its own document, ID token with nonce, userinfo, and the same person after a refresh. */
  async openid() {
    const config = await discover(settings.client, insecure);
    const nonce = oauth.randomNonce();
    const request = await codeRequest({ scope: 'openid profile email', nonce, max_age: '3600' });
    delete request.parameters.resource;
    request.checks = { ...request.checks, expectedNonce: nonce, maxAge: 3600, idTokenExpected: true };
    const { tokens } = await codeFlow(config, request);
    const claims = tokens.claims();
    const user = await oauth.fetchUserInfo(config, tokens.access_token, claims.sub);
    const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token);
    const both = await codeFlow(config, await codeRequest({ scope: 'openid email mcp:read' }));
    const forMcp = await refusal(() => oauth.fetchUserInfo(config, both.tokens.access_token, claims.sub));
    const forUserInfo = await oauth.refreshTokenGrant(config, both.tokens.refresh_token, { resource: config.serverMetadata().userinfo_endpoint });
    return { claims, user, forMcp, byRefresh: await oauth.fetchUserInfo(config, forUserInfo.access_token, claims.sub), again: refreshed.claims() ?? null,
      logout: oauth.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }).href };
  },
};

await run(scenarios[scenario]);
