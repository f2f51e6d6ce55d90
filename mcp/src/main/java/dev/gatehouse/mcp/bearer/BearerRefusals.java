package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.bearer.PresentedToken.AuthScheme;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.MountPoint;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.http.RequestMetrics;
import dev.gatehouse.shared.http.StaticPage;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Answers requests that may not pass: 400, 401, 403 and 503, each telling a client what to do next. */
final class BearerRefusals {

    private static final String CHALLENGE = "WWW-Authenticate";

    private final ProtectedResource resource;
    private final StaticPage page;

    BearerRefusals(ProtectedResource resource) {
        this(resource, ExampleClient.PLACEHOLDER);
    }

    BearerRefusals(ProtectedResource resource, ExampleClient example) {
        this.resource = resource;
        this.page = ConnectPage.of(resource, example);
    }

    /** 401 without an error code: the request brought no credentials (RFC 6750 §3.1). */
    void unauthenticated(RoutingContext context, List<AuthScheme> schemes) {
        HttpServerResponse response = context.response().setStatusCode(401).putHeader(CHALLENGE,
            schemes.stream().map(scheme -> Challenge.plain(scheme, metadataUrl(context), resource.supported())).toList());
        if (isBrowser(context)) {
            page.send(response);
        } else {
            sendBody(context, "unauthorized", "Authentication required. Send an access token in the Authorization header.");
        }
    }

    void invalidToken(RoutingContext context, AuthScheme scheme, InvalidTokenException refusal) {
        send(context, scheme, OAuthErrorCode.INVALID_TOKEN, refusal.getMessage(), resource.supported());
    }

    void refused(RoutingContext context, OAuthException refusal) {
        send(context, AuthScheme.BEARER, refusal.code(), refusal.description(), resource.supported());
    }

    /** 401 for a token whose key was not proved, or has to be. */
    void unproved(RoutingContext context, OAuthException refusal) {
        context.response().setStatusCode(401);
        send(context, AuthScheme.DPOP, refusal.code().wireName(), refusal.description(), resource.supported());
    }

    /** 403 naming every scope that a new token should have, so that a client which steps up keeps what it had. */
    void insufficientScope(RoutingContext context, AuthScheme scheme, Collection<String> needed) {
        send(context, scheme, OAuthErrorCode.INSUFFICIENT_SCOPE, "The access token lacks a scope that this needs", needed);
    }

    /** 401 with the authentication that the request needs (RFC 9470 §3). */
    void insufficientAuthentication(RoutingContext context, AuthScheme scheme, StepUp needed) {
        String error = "insufficient_user_authentication";
        String description = "The user must sign in again for this";
        String challenge = Challenge.error(scheme, error, description, metadataUrl(context), resource.supported());
        context.response().setStatusCode(401).putHeader(CHALLENGE, challenge + Challenge.authentication(needed));
        sendBody(context, error, description);
    }

    void unavailable(RoutingContext context, AuthServerUnavailableException failure) {
        context.response().setStatusCode(503).putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(failure.retryAfterSeconds()));
        RequestLog.reason(context, failure.getMessage());
        sendBody(context, "temporarily_unavailable", failure.description());
    }

    private void send(RoutingContext context, AuthScheme scheme, OAuthErrorCode code, String description, Collection<String> scopes) {
        context.response().setStatusCode(code.status());
        send(context, scheme, code.wireName(), description, scopes);
    }

    private void send(RoutingContext context, AuthScheme scheme, String error, String description, Collection<String> scopes) {
        context.response().putHeader(CHALLENGE, Challenge.error(scheme, error, description, metadataUrl(context), scopes));
        sendBody(context, error, description);
    }

    private static void sendBody(RoutingContext context, String error, String description) {
        RequestMetrics.error(context, error);
        RequestLog.reason(context, error + ": " + description);
        JsonResponse.sendError(context, context.response().getStatusCode(), error, description);
    }

    private String metadataUrl(RoutingContext context) {
        String mountPoint = MountPoint.of(context);
        ResourceId name = resource.nameAt(mountPoint, context.request().path());
        return asCalled(context.request(), resource.metadataUrl(name, mountPoint));
    }

    private static String asCalled(HttpServerRequest request, String url) {
        HostAndPort authority = request.authority();
        return authority == null ? url : new ResourceId(url).asCalled(authority.host()).value();
    }

    /** Clients ask for JSON or an event stream; only a browser's address bar asks for HTML. */
    private static boolean isBrowser(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return context.request().method().equals(HttpMethod.GET) && accept != null && accept.contains("text/html");
    }

    /** The page of the MCP endpoint in a browser: what it is, and how to connect a client to it. */
    static final class ConnectPage {

        private static final String TEMPLATE = "/pages/connect.html";

        private ConnectPage() {
        }

        static StaticPage of(ProtectedResource resource, ExampleClient client) {
            return StaticPage.of(TEMPLATE, Map.of(
                "resource", resource.id().value(),
                "sse", resource.sse().value(),
                "authServer", resource.authServer(),
                "metadata", resource.metadataUrl(resource.id(), ""),
                "scopes", String.join(" ", resource.supported()),
                "clientId", client.id(),
                "clientSecret", client.secret()));
        }
    }

    /** Writes values of {@code WWW-Authenticate} (RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1). */
    static final class Challenge {

        private Challenge() {
        }

        /** For a request without credentials: nothing went wrong yet, so there is no {@code error}. */
        static String plain(AuthScheme scheme, String metadataUrl, Collection<String> scopes) {
            return scheme.wireName() + " " + where(scheme, metadataUrl, scopes);
        }

        /**
         * For a request that was refused.
         *
         * @param error       a code of RFC 6750 §3.1 or RFC 9449 §7.1
         * @param description printable ASCII without quotes and backslashes; nothing that the request brought along
         */
        static String error(AuthScheme scheme, String error, String description, String metadataUrl, Collection<String> scopes) {
            return scheme.wireName() + " error=\"" + error + "\", error_description=\"" + description + "\", "
                + where(scheme, metadataUrl, scopes);
        }

        private static String authentication(StepUp needed) {
            return (needed.acrValues().isEmpty() ? "" : ", acr_values=\"" + String.join(" ", needed.acrValues()) + "\"")
                + (needed.maxAgeSeconds() == null ? "" : ", max_age=\"" + needed.maxAgeSeconds() + "\"");
        }

        private static String where(AuthScheme scheme, String metadataUrl, Collection<String> scopes) {
            String algorithms = scheme == AuthScheme.DPOP ? ", algs=\"" + String.join(" ", DpopVerifier.algorithms()) + "\"" : "";
            // RFC 6750 §3: the attribute is a list of scopes, so there is none where no scope is needed.
            String needed = scopes.isEmpty() ? "" : ", scope=\"" + String.join(" ", scopes) + "\"";
            return "resource_metadata=\"" + metadataUrl + "\"" + needed + algorithms;
        }
    }
}
