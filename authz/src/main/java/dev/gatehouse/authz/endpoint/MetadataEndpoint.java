package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.clientauth.ClientAuthenticator;
import dev.gatehouse.authz.grant.Grant;
import dev.gatehouse.authz.options.AuthzOptions;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

import java.util.List;

/** {@code /.well-known/oauth-authorization-server} (RFC 8414): says what is on, and only that. */
public final class MetadataEndpoint {

    private static final String WELL_KNOWN = "/.well-known/oauth-authorization-server";
    private static final int MAXIMUM_AGE_SECONDS = 300;

    private final String path;
    private final JsonObject document;

    public MetadataEndpoint(AuthzOptions options, List<Grant> grants) {
        path = WELL_KNOWN + options.basePath();
        document = document(options, grants);
    }

    /** Mounts it at the root, with the issuer's path after the well-known one (§3.1). */
    public void mount(Router root) {
        Cors.allow(root, path, "GET");
        root.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD)
            .handler(context -> JsonResponse.sendPublic(context.response(), MAXIMUM_AGE_SECONDS, document));
        MethodNotAllowed.elsewhere(root, path, "GET, HEAD");
    }

    private static JsonObject document(AuthzOptions options, List<Grant> grants) {
        return new JsonObject()
            .put("issuer", options.issuer())
            .put("authorization_endpoint", options.url("/oauth/authorize"))
            .put("token_endpoint", options.url(TokenEndpoint.PATH))
            .put("introspection_endpoint", options.url(IntrospectionEndpoint.PATH))
            .put("revocation_endpoint", options.url(RevocationEndpoint.PATH))
            .put("scopes_supported", new JsonArray(options.scopeNames()))
            .put("response_types_supported", new JsonArray().add("code"))
            .put("response_modes_supported", new JsonArray().add("query"))
            .put("grant_types_supported", new JsonArray(grants.stream().map(Grant::wireName).toList()))
            .put("code_challenge_methods_supported", new JsonArray().add("S256"))
            .put("authorization_response_iss_parameter_supported", true)
            .put("token_endpoint_auth_methods_supported", methods(true))
            .put("introspection_endpoint_auth_methods_supported", methods(false))
            .put("revocation_endpoint_auth_methods_supported", methods(true));
    }

    private static JsonArray methods(boolean publicClients) {
        return new JsonArray(ClientAuthenticator.methods().stream()
            .filter(method -> publicClients || method != ClientAuthMethod.NONE)
            .map(ClientAuthMethod::wireName).toList());
    }
}
