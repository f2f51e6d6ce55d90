package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.authorize.AuthorizationResponse.Reply;
import dev.gatehouse.authz.scope.RequestedClaims;
import dev.gatehouse.authz.token.IdTokenHints;
import dev.gatehouse.authz.token.IdTokenHints.Hint;
import dev.gatehouse.authz.authorize.ValidRequest.Prompting;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.oauth.UrlSpelling;
import io.vertx.core.Future;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The checks of an authorization request, in order. The client and the redirect URI come first: their errors are an
 * {@link OAuthException} and never cause a redirect. Later errors are an {@link AuthorizationException} and are reported to the
 * client.
 */
public final class AuthorizationChecks {

    private static final Pattern CHALLENGE = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
    private static final Pattern THUMBPRINT = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** The supported parameters. Other parameters are ignored (RFC 6749 §3.1). */
    static final Set<String> PARAMETERS = Set.of("client_id", "redirect_uri", "state", "response_type", "response_mode", "scope", "resource",
        "code_challenge", "code_challenge_method", "nonce", "prompt", "max_age", "login_hint", "id_token_hint", "dpop_jkt", "claims", "acr_values");
    /** The longest values in characters: these parameters are stored before the login. */
    private static final Map<String, Integer> LONGEST = Map.of("state", 4096, "claims", 4096, "nonce", 1024, "login_hint", 512, "acr_values", 512);
    private static final String HINT = "id_token_hint";

    private final ClientLookup clients;
    private final IdTokenHints hints;
    private final ResourcePolicy resources;
    private final ScopePolicy scopes;
    private final RequestObjects objects;
    private final Set<ResponseMode> modes;
    private final boolean pushedOnly;

    /**
     * @param modes the enabled response modes
     * @param pushedOnly whether every client must push its requests (RFC 9126 §5)
     */
    public AuthorizationChecks(ClientLookup clients, IdTokenHints hints, ResourcePolicy resources, ScopePolicy scopes,
                               RequestObjects objects, Set<ResponseMode> modes, boolean pushedOnly) {
        this.objects = objects;
        this.modes = Set.copyOf(modes);
        this.clients = clients;
        this.hints = hints;
        this.resources = resources;
        this.scopes = scopes;
        this.pushedOnly = pushedOnly;
    }

    /** Checks a request from a browser. Fails as described in {@link AuthorizationChecks}. */
    public Future<ValidRequest> check(FormParameters parameters) {
        return find(parameters).compose(client -> objects.read(client, parameters)
            .recover(failure -> Future.failedFuture(towardsClient(client, parameters, failure)))
            .compose(signed -> check(client, signed, false, null)));
    }

    /** Checks a pushed request. @param pushedHash the hash of its reference if it is stored, or null */
    Future<ValidRequest> checkPushed(FormParameters parameters, String pushedHash) {
        return find(parameters).compose(client -> check(client, parameters, true, pushedHash));
    }

    /** Returns the parameters of a pushed request, or those of its request object if it has one. */
    Future<FormParameters> readPushed(String clientId, FormParameters sent) {
        return clients.find(clientId).map(Optional::orElseThrow).compose(client -> objects.read(client, sent));
    }

    /** Reports an invalid request object to the client if the redirect URI outside the object is registered (RFC 9101 §7). */
    private static Throwable towardsClient(Client client, FormParameters sent, Throwable failure) {
        List<String> redirects = sent.all("redirect_uri");
        List<String> states = sent.all("state");
        if (!(failure instanceof OAuthException refusal) || redirects.size() != 1) {
            return failure;
        }
        return RedirectUris.match(client.redirectUris(), redirects.get(0), client.isOperatorRegistered())
            .<Throwable>map(redirect -> new AuthorizationException(refusal.code(), refusal.description(),
                new Reply(client.id(), redirect, states.size() == 1 ? states.get(0) : null, ResponseMode.QUERY)))
            .orElse(failure);
    }

    private Future<Client> find(FormParameters parameters) {
        return Future.succeededFuture(parameters)
            .map(sent -> sent.required("client_id"))
            .compose(clients::find)
            .map(found -> found.orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_CLIENT,
                "Invalid client_id: no application is registered with this identifier. If it registered"
                    + " itself, it may have been removed because it was not used: delete this server in the application and connect again, so that it registers again")));
    }

    private Future<ValidRequest> check(Client client, FormParameters parameters, boolean pushed, String pushedHash) {
        ValidatedRedirect redirect = requireRegisteredRedirectUri(client, parameters);
        return hint(parameters).map(hint -> checkTowardsClient(client, redirect, parameters, hint, pushed, pushedHash));
    }

    /**
     * Returns the redirect URI of the request, or the only registered one if the request has none (RFC 6749 §3.1.2.3). OpenID
     * Connect (Core §3.1.2.1) and FAPI 2.0 (§5.3.2.2) require it in every request.
     *
     * @throws OAuthException if there is no registered redirect URI
     */
    private ValidatedRedirect requireRegisteredRedirectUri(Client client, FormParameters parameters) {
        String sent = parameters.single("redirect_uri");
        boolean several = client.redirectUris().stream().map(UrlSpelling::withPath).distinct().count() != 1;
        if (sent == null && (several || isOpenId(parameters) || isOfFapi(client))) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The parameter redirect_uri is missing");
        }
        return requireRegisteredRedirectUri(client, sent == null ? client.redirectUris().get(0) : sent);
    }

    private static boolean isOpenId(FormParameters parameters) {
        return parameters.all("scope").stream().anyMatch(scope -> List.of(scope.split(" ")).contains(ScopeOptions.OPENID));
    }

    /** Returns whether the requirements of FAPI 2.0 apply to a client: pushed requests or key-bound tokens. */
    private boolean isOfFapi(Client client) {
        return mustPush(client) || client.policy().requireDpop() || client.metadata().isTrue("dpop_bound_access_tokens");
    }

    private boolean mustPush(Client client) {
        return pushedOnly || client.policy().requirePushedRequests() || client.metadata().isTrue("require_pushed_authorization_requests");
    }

    /**
     * Validates a redirect URI. Every step of an interaction calls this again, because the client may have changed.
     *
     * @throws OAuthException if it is not registered for the client
     */
    public static ValidatedRedirect requireRegisteredRedirectUri(Client client, String sent) {
        return RedirectUris.match(client.redirectUris(), sent, client.isOperatorRegistered()).orElseThrow(() -> new OAuthException(
            OAuthErrorCode.INVALID_REQUEST, "Invalid redirect_uri: this application has not registered it"));
    }

    private Future<Optional<Hint>> hint(FormParameters parameters) {
        List<String> sent = parameters.all(HINT);
        return sent.size() == 1 ? hints.read(sent.get(0)) : Future.succeededFuture(Optional.empty());
    }

    private ValidRequest checkTowardsClient(Client client, ValidatedRedirect redirect, FormParameters parameters, Optional<Hint> hint,
                                            boolean pushed, String pushedHash) {
        String state = parameters.all("state").size() == 1 ? parameters.single("state") : null;
        try {
            parameters.single("state");
            LONGEST.forEach((name, longest) -> requireAtMost(parameters, name, longest));
            requireNoRequestUri(parameters);
            if (!pushed) {
                requireNotPushedOnly(client);
            }
            requireCodeResponse(parameters);
            requireMode(parameters, redirect);
            requireCodeGrant(client);
            String challenge = requireChallenge(client, parameters);
            Prompting prompting = Prompting.parse(parameters.single("prompt"), parameters.single("max_age"));
            RequestedClaims claims = RequestedClaims.parse(parameters.single("claims"));
            List<String> acrValues = claims.acrValues().isEmpty() ? RequestedClaims.acrValues(parameters.single("acr_values")) : claims.acrValues();
            String subHint = requireOnePerson(requireHinted(parameters, hint), claims.sub());
            List<String> targets = requireKnownResources(client, parameters);
            Scopes asked = requireAllowedScopes(client, targets, parameters, claims);
            AuthorizationRequest request =
                new AuthorizationRequest(client.id(), redirect.uri(), state, asked, targets, challenge,
                    parameters.single("nonce"), parameters.single("login_hint"), subHint,
                    thumbprintOrNull(parameters), acrValues, mode(parameters).orElseThrow(), pushedHash);
            return new ValidRequest(client, redirect, request, prompting);
        } catch (OAuthException refusal) {
            throw new AuthorizationException(refusal.code(), refusal.description(),
                new Reply(client.id(), redirect, state, mode(parameters).filter(mode -> isPossible(mode, redirect)).orElse(ResponseMode.QUERY)));
        }
    }

    private static void requireAtMost(FormParameters parameters, String name, int longest) {
        String sent = parameters.single(name);
        if (sent != null && sent.length() > longest) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The " + name + " is longer than " + longest + " characters");
        }
    }

    /** Request URIs are never fetched (RFC 9101 §10.4). */
    private static void requireNoRequestUri(FormParameters parameters) {
        if (parameters.has("request_uri")) {
            throw new OAuthException(OAuthErrorCode.REQUEST_URI_NOT_SUPPORTED, "Request URIs are not supported");
        }
    }

    private void requireNotPushedOnly(Client client) {
        if (mustPush(client)) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This client must use pushed authorization requests (RFC 9126)");
        }
    }

    private static void requireCodeResponse(FormParameters parameters) {
        if (!parameters.required("response_type").equals("code")) {
            throw new OAuthException(OAuthErrorCode.UNSUPPORTED_RESPONSE_TYPE, "The only supported response_type is code");
        }
    }

    private void requireMode(FormParameters parameters, ValidatedRedirect redirect) {
        parameters.single("response_mode");
        if (mode(parameters).filter(mode -> isPossible(mode, redirect)).isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This response_mode is not supported, or not supported for this redirect_uri");
        }
    }

    private Optional<ResponseMode> mode(FormParameters parameters) {
        List<String> sent = parameters.all("response_mode");
        return sent.isEmpty() ? Optional.of(ResponseMode.QUERY)
            : sent.size() > 1 ? Optional.empty() : ResponseMode.named(sent.get(0)).filter(modes::contains);
    }

    /** A private-use scheme and the out-of-band page cannot receive a form. */
    private static boolean isPossible(ResponseMode mode, ValidatedRedirect redirect) {
        return !mode.isPosted() || !redirect.isOutOfBand() && !redirect.isPrivateUse();
    }

    private static void requireCodeGrant(Client client) {
        if (!GrantType.AUTHORIZATION_CODE.isOf(client)) {
            throw new OAuthException(OAuthErrorCode.UNAUTHORIZED_CLIENT,
                "This client is not registered for the authorization_code grant");
        }
    }

    /**
     * Returns the code challenge; empty if the operator allows a confidential OpenID client to omit it (RFC 9700 §2.1.1). A
     * challenge in the request always applies.
     */
    private static String requireChallenge(Client client, FormParameters parameters) {
        Pkce pkce = client.isPublic() || !isOpenId(parameters) ? Pkce.REQUIRED : client.policy().pkce();
        if (pkce == Pkce.REQUIRED || parameters.has("code_challenge") || parameters.has("code_challenge_method")) {
            return requireS256Challenge(parameters);
        }
        if (pkce == Pkce.NONCE && parameters.single("nonce") == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "PKCE is required, or a nonce for this client: the parameters"
                + " code_challenge and nonce are missing");
        }
        return "";
    }

    /**
     * PKCE with S256 is required for every client, confidential ones included (RFC 9700 §2.1.1). A challenge that is too short for
     * SHA-256 is accepted: no verifier ever matches it, and people try this endpoint by hand.
     */
    private static String requireS256Challenge(FormParameters parameters) {
        String challenge = parameters.single("code_challenge");
        String method = parameters.single("code_challenge_method");
        if (challenge == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "PKCE is required: the parameter code_challenge is missing");
        }
        if (!"S256".equals(method)) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "PKCE is required with code_challenge_method S256");
        }
        if (!CHALLENGE.matcher(challenge).matches()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The code_challenge is not a base64url SHA-256 value");
        }
        return challenge;
    }

    /** Accepts expired ID tokens (OpenID Connect Core §3.1.2.1). An invalid one is an error, because the client expects that user. */
    private static String requireHinted(FormParameters parameters, Optional<Hint> hint) {
        if (parameters.single(HINT) == null) {
            return null;
        }
        return hint.map(Hint::sub).orElseThrow(() ->
            new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The id_token_hint is not an ID token of this server"));
    }

    private static String requireOnePerson(String hinted, String claimed) {
        if (hinted != null && claimed != null && !hinted.equals(claimed)) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The id_token_hint and the claims parameter name different users");
        }
        return hinted == null ? claimed : hinted;
    }

    /** RFC 9449 §10: the thumbprint of the key to which the code is bound. */
    private static String thumbprintOrNull(FormParameters parameters) {
        String thumbprint = parameters.single("dpop_jkt");
        if (thumbprint != null && !THUMBPRINT.matcher(thumbprint).matches()) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The dpop_jkt is not a base64url SHA-256 value");
        }
        return thumbprint;
    }

    private List<String> requireKnownResources(Client client, FormParameters parameters) {
        return resources.resolve(parameters.all("resource"), client);
    }

    private Scopes requireAllowedScopes(Client client, List<String> targets, FormParameters parameters, RequestedClaims claims) {
        Scopes asked = scopes.resolve(parameters.single("scope"), isOpenId(parameters) ? claims.scopes() : Set.of(), client, targets);
        if (asked.isEmpty()) {
            throw new OAuthException(OAuthErrorCode.INVALID_SCOPE, "This client is not allowed to request any scope of this server");
        }
        return asked;
    }
}
