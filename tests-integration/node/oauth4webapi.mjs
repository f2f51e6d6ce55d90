// oauth4webapi, which does one step at a time and checks each, against our server. Takes
//   {scenario, issuer, resource, redirectUri, client: {id, secret}, publicClient: {id}, resourceServer: {id, secret}}
import * as oauth from 'oauth4webapi';
import * as jose from 'jose';
import { browse, listen, refusal, run } from './callback.mjs';

const { scenario, issuer, resource, redirectUri, ...settings } = JSON.parse(process.argv[2]);
const insecure = { [oauth.allowInsecureRequests]: true };

const discover = async (algorithm = 'oauth2') => oauth.processDiscoveryResponse(new URL(issuer),
  await oauth.discoveryRequest(new URL(issuer), { ...insecure, algorithm }));

/** A client as this library knows it, and how it authenticates. */
const client = registered => [{ client_id: registered.id ?? registered.client_id },
  registered.secret ? oauth.ClientSecretBasic(registered.secret) : oauth.None()];

/** Runs a request again where the server asks for a nonce; the handle has taken it from the answer. */
async function withNonce(send, process) {
  try {
    return await process(await send());
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return process(await send());
  }
}

async function authorize(as, known, parameters = {}, viaPushed) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  let query = new URLSearchParams({ client_id: known.client_id, redirect_uri: redirectUri, response_type: 'code', scope: 'mcp:read mcp:write',
    resource, state, code_challenge: await oauth.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...parameters });
  if (viaPushed) {
    const pushed = await viaPushed(query);
    query = new URLSearchParams({ client_id: known.client_id, request_uri: pushed.request_uri });
  }
  const url = new URL(as.authorization_endpoint);
  url.search = query;
  const answer = await browse(await listen(redirectUri), url);
  return { answer: oauth.validateAuthResponse(as, known, answer, state), verifier };
}

async function redeem(as, [known, authentication], { answer, verifier }, options = {}) {
  return withNonce(() => oauth.authorizationCodeGrantRequest(as, known, authentication, answer, redirectUri, verifier,
    { ...insecure, ...options, additionalParameters: { resource } }),
  response => oauth.processAuthorizationCodeResponse(as, known, response, options.expect));
}

async function refresh(as, [known, authentication], token, options = {}) {
  return withNonce(() => oauth.refreshTokenGrantRequest(as, known, authentication, token, { ...insecure, ...options }),
    response => oauth.processRefreshTokenResponse(as, known, response));
}

async function introspect(as, token, options = {}) {
  const [known, authentication] = client(settings.resourceServer);
  return oauth.processIntrospectionResponse(as, known,
    await oauth.introspectionRequest(as, known, authentication, token, { ...insecure, ...options }));
}

async function revoke(as, [known, authentication], token) {
  return oauth.processRevocationResponse(await oauth.revocationRequest(as, known, authentication, token, insecure));
}

const scenarios = {
  async code() {
    const as = await discover();
    const own = client(settings.client);
    const tokens = await redeem(as, own, await authorize(as, own[0]));
    const refreshed = await refresh(as, own, tokens.refresh_token);
    const before = await introspect(as, refreshed.access_token);
    await revoke(as, own, refreshed.refresh_token);
    return { tokens, refreshed, before, after: await introspect(as, refreshed.access_token),
      revoked: await refusal(() => refresh(as, own, refreshed.refresh_token)) };
  },

  async pushed() {
    const as = await discover();
    const own = client(settings.client);
    const started = await authorize(as, own[0], {}, async query => oauth.processPushedAuthorizationResponse(as, own[0],
      await oauth.pushedAuthorizationRequest(as, own[0], own[1], query, insecure)));
    return { tokens: await redeem(as, own, started) };
  },

  /** A code bound to a key by PAR, tokens bound to it, and the MCP server called with it: each place with nonces. */
  async dpop() {
    const as = await discover();
    const own = client(settings.publicClient);
    const DPoP = oauth.DPoP(own[0], await oauth.generateKeyPair('ES256'));
    const started = await authorize(as, own[0], { dpop_jkt: await DPoP.calculateThumbprint() }, as.pushed_authorization_request_endpoint && (query => withNonce(
      () => oauth.pushedAuthorizationRequest(as, own[0], own[1], query, { ...insecure, DPoP }),
      response => oauth.processPushedAuthorizationResponse(as, own[0], response))));
    const thief = oauth.DPoP(own[0], await oauth.generateKeyPair('ES256'));
    const stolen = await refusal(() => redeem(as, own, started, { DPoP: thief }));
    const tokens = await redeem(as, own, started, { DPoP });
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {},
      clientInfo: { name: 'oauth4webapi', version: '3' } } });
    const served = await withNonce(() => oauth.protectedResourceRequest(tokens.access_token, 'POST', new URL(resource),
      new Headers({ 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' }), body, { ...insecure, DPoP }),
    async response => response.status);
    return { stolen, tokens, served, claims: await introspect(as, tokens.access_token) };
  },

  async device() {
    const as = await discover();
    const [known, authentication] = client(settings.publicClient);
    const started = await oauth.processDeviceAuthorizationResponse(as, known,
      await oauth.deviceAuthorizationRequest(as, known, authentication, new URLSearchParams({ scope: 'mcp:read', resource }), insecure));
    const poll = async () => oauth.processDeviceCodeResponse(as, known,
      await oauth.deviceCodeGrantRequest(as, known, authentication, started.device_code, insecure));
    const pending = await refusal(poll);
    const hasty = await refusal(poll);
    console.log(`DEVICE ${started.verification_uri_complete}`);
    const pause = () => new Promise(resolve => setTimeout(resolve, ((started.interval ?? 5) + 5) * 1000));
    for (;;) {
      await pause();
      try {
        return { started, pending, hasty, tokens: await poll() };
      } catch (error) {
        if (error.error !== 'authorization_pending' && error.error !== 'slow_down') throw error;
      }
    }
  },

  async clientCredentials() {
    const as = await discover();
    const [known, authentication] = client(settings.client);
    const tokens = await oauth.processClientCredentialsResponse(as, known, await oauth.clientCredentialsGrantRequest(as, known, authentication,
      new URLSearchParams({ scope: 'mcp:read', resource }), insecure));
    return { tokens, claims: await introspect(as, tokens.access_token) };
  },

  /** A program that proves itself by a key which its operator gave us; and one with a key of its own making. */
  async clientCredentialsByKey() {
    const as = await discover();
    const { id, alg, key, strangersKey } = settings.program;
    const ask = async jwk => oauth.processClientCredentialsResponse(as, { client_id: id }, await oauth.clientCredentialsGrantRequest(as,
      { client_id: id }, oauth.PrivateKeyJwt({ key: await jose.importJWK(jwk, alg), kid: jwk.kid }),
      new URLSearchParams({ scope: 'mcp:read', resource }), insecure));
    const stranger = await refusal(() => ask(strangersKey));
    const tokens = await ask(key);
    return { stranger, tokens, claims: await introspect(as, tokens.access_token) };
  },

  /** RFC 9701: what is introspected comes signed, and this library verifies it with the published keys. */
  async signedIntrospection() {
    const as = await discover();
    const [known, authentication] = client(settings.client);
    const tokens = await oauth.processClientCredentialsResponse(as, known, await oauth.clientCredentialsGrantRequest(as, known, authentication,
      new URLSearchParams({ scope: 'mcp:read', resource }), insecure));
    const [caller, proof] = client(settings.resourceServer);
    const response = await oauth.introspectionRequest(as, caller, proof, tokens.access_token, { ...insecure, requestJwtResponse: true });
    const type = response.headers.get('content-type');
    const claims = await oauth.processIntrospectionResponse(as, caller, response);
    await oauth.validateApplicationLevelSignature(as, response, insecure);
    return { type, claims };
  },

  /** RFC 9068: a JWT access token verified as a resource server would. */
  async jwtAccessToken() {
    const as = await discover();
    const own = client(settings.client);
    const tokens = await redeem(as, own, await authorize(as, own[0]));
    const request = new Request(resource, { headers: { Authorization: `Bearer ${tokens.access_token}` } });
    return { tokens, claims: await oauth.validateJwtAccessToken(as, request, resource, insecure) };
  },

  async registration() {
    const as = await discover();
    const registered = await oauth.processDynamicClientRegistrationResponse(await oauth.dynamicClientRegistrationRequest(as,
      { redirect_uris: [redirectUri], client_name: 'oauth4webapi', token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] }, insecure));
    const own = client(registered);
    return { registered, tokens: await redeem(as, own, await authorize(as, own[0])) };
  },
};

await run(scenarios[scenario]);
