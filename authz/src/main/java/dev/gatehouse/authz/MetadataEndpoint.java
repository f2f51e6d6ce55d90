package dev.gatehouse.authz;

import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.token.TokenEndpoint;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.UnservedRequests;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

import java.util.List;
import java.util.stream.Stream;

/**
 * {@code /.well-known/oauth-authorization-server} (RFC 8414), and the same document at the path of OpenID Connect Discovery §4. It
 * describes exactly the enabled features; each endpoint describes itself.
 */
final class MetadataEndpoint implements Endpoint {

    private static final String WELL_KNOWN = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";
    private static final int MAXIMUM_AGE_SECONDS = 300;

    private final List<String> paths;
    private final JsonObject document;

    /** @param endpoints all other endpoints */
    public MetadataEndpoint(AuthzOptions options, List<Endpoint> endpoints) {
        paths = paths(options);
        document = document(options, endpoints);
    }

    /**
     * RFC 8414 §3.1 puts the issuer's path after the well-known path and OpenID Connect Discovery before it. MCP clients try both, and
     * a proxy may remove the issuer's path.
     */
    private static List<String> paths(AuthzOptions options) {
        String base = options.issuer().basePath();
        List<String> names = options.openid().enabled() ? List.of(WELL_KNOWN, OPENID) : List.of(WELL_KNOWN);
        return names.stream().flatMap(name -> Stream.of(name + base, base + name, name)).distinct().toList();
    }

    @Override
    public void mount(Routes routes) {
        paths.forEach(path -> mount(routes.root(), path));
    }

    private void mount(Router root, String path) {
        Cors.allow(root, path, "GET");
        root.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD)
            .handler(context -> JsonResponse.sendPublic(context, MAXIMUM_AGE_SECONDS, document));
        UnservedRequests.allowOnly(root, path, "GET, HEAD");
    }

    private static JsonObject document(AuthzOptions options, List<Endpoint> endpoints) {
        JsonObject metadata = new JsonObject()
            .put("issuer", options.issuer().identifier())
            .put("scopes_supported", new JsonArray(options.scopeNames()));
        if (options.registration().documents().enabled()) {
            // draft-ietf-oauth-client-id-metadata-document §6
            metadata.put("client_id_metadata_document_supported", true);
        }
        if (options.mutualTls().enabled()) {
            metadata.put(TokenEndpoint.CERTIFICATE_BOUND, true);
        }
        endpoints.forEach(endpoint -> endpoint.describe(metadata));
        return metadata;
    }
}
