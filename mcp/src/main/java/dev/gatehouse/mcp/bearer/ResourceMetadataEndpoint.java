package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.oauth.ResourceId;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.Objects;
import java.util.function.Supplier;

/** Publishes the protected resource metadata (RFC 9728), by which clients find the authorization server. */
public final class ResourceMetadataEndpoint {

    private static final int MAX_AGE_SECONDS = 300;
    private static final String METHODS = "GET, HEAD, OPTIONS";

    private final ProtectedResource resource;
    private final DpopOptions dpop;
    private final ClientCertificates certificates;
    private final String title;
    private final String documentation;

    /**
     * Creates the metadata documents (RFC 9728 §2).
     *
     * @param resource the protected resource
     * @param dpop the requirements for proofs
     * @param certificates the certificates of clients
     * @param title         the server's name for people
     * @param documentation URL of a page about it
     */
    public ResourceMetadataEndpoint(ProtectedResource resource, DpopOptions dpop, ClientCertificates certificates, String title, String documentation) {
        this.resource = resource;
        this.dpop = dpop;
        this.certificates = certificates;
        this.title = title;
        this.documentation = documentation;
    }

    /**
     * Mounts the documents with the configured issuer.
     *
     * @param router the router
     */
    public void mount(Router router) {
        mount(router, resource::authServer);
    }

    /**
     * Mounts a document for each name of the server, and one at the root for clients that look there only.
     *
     * @param router the router
     * @param issuer the issuer identifier as the authorization server writes it: clients compare it character by character (RFC 8414 §3.3)
     */
    public void mount(Router router, Supplier<String> issuer) {
        serve(router, ProtectedResource.metadataPath(resource.id()), resource.id(), issuer);
        serve(router, ProtectedResource.metadataPath(resource.sse()), resource.sse(), issuer);
        serve(router, ProtectedResource.rootMetadataPath(), resource.id(), issuer);
    }

    private void serve(Router router, String path, ResourceId name, Supplier<String> issuer) {
        Cors.allow(router, path, METHODS);
        router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD)
            .handler(context -> JsonResponse.sendPublic(context, MAX_AGE_SECONDS,
                document(name.asCalled(calledHost(context)), issuer.get())));
        UnservedRequests.allowOnly(router, path, METHODS);
    }

    private static String calledHost(RoutingContext context) {
        HostAndPort authority = context.request().authority();
        return authority == null ? null : authority.host();
    }

    private JsonObject document(ResourceId name, String issuer) {
        JsonObject document = new JsonObject()
            .put("resource", name.value())
            .put("authorization_servers", JsonArray.of(issuer))
            .put("scopes_supported", resource.supported().isEmpty() ? null : new JsonArray(resource.supported()))
            .put("bearer_methods_supported", JsonArray.of("header"))
            .put("resource_name", title)
            .put("resource_documentation", documentation)
            .put("dpop_signing_alg_values_supported", new JsonArray(DpopVerifier.algorithms()))
            .put("dpop_bound_access_tokens_required", dpop.required() ? true : null)
            .put("tls_client_certificate_bound_access_tokens", certificates.isOn() ? true : null);
        // Parameters without a value are left out (RFC 9728 §3.2).
        document.getMap().values().removeIf(Objects::isNull);
        return document;
    }
}
