package dev.gatehouse.mcp;

import dev.gatehouse.mcp.McpAccess.OpenAccess;
import dev.gatehouse.mcp.McpAccess.ProtectedAccess;
import dev.gatehouse.mcp.api.CallObserver;
import dev.gatehouse.mcp.api.CallPolicy;
import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.ExampleClient;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.mcp.bearer.ProtectedResource;
import dev.gatehouse.mcp.bearer.ResourceMetadataEndpoint;
import dev.gatehouse.mcp.bearer.TokenValidator;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.transport.McpHttpTransport.RequestStates;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Puts an MCP server together and mounts it: see {@link McpRouter#named}. Used once, on one thread. */
public final class McpServerBuilder {

    private final String name;
    private final String version;
    private String title;
    private ExampleClient example = ExampleClient.PLACEHOLDER;
    private String instructions;
    private String documentation;
    private final List<Tool> tools = new ArrayList<>();
    private final List<McpResource> resources = new ArrayList<>();
    private final List<Prompt> prompts = new ArrayList<>();
    private CallObserver observer = CallObserver.NONE;
    private CallPolicy policy = CallPolicy.NONE;
    private ResourceId resource;
    private IntrospectionOptions introspection;
    private LocalJwtOptions localJwt = LocalJwtOptions.OFF;
    private DpopOptions dpop = DpopOptions.DEFAULT;
    private ClientCertificates certificates = ClientCertificates.none();
    private ScopeHierarchy hierarchy = ScopeHierarchy.FLAT;
    private List<String> supported = List.of();
    private McpTransportOptions transport;
    private TrustOptions trust;
    private Sealer states = RequestStates.ofProcess();
    private boolean originDiscovery;
    private Router metadata;
    private Clock clock = Clock.systemUTC();

    McpServerBuilder(String name, String version) {
        this.name = Objects.requireNonNull(name, "name");
        this.version = Objects.requireNonNull(version, "version");
        this.title = name;
    }

    McpServerBuilder(McpFeatures features) {
        this(features.name(), features.version());
        title = features.title();
        instructions = features.instructions();
        tools.addAll(features.tools());
        resources.addAll(features.resources());
        prompts.addAll(features.prompts());
        observer = features.observer();
        policy = features.policy();
    }

    /**
     * Sets the server's name for people. The default is its machine name.
     *
     * @param forPeople the name
     * @return this
     */
    public McpServerBuilder title(String forPeople) {
        title = forPeople;
        return this;
    }

    /**
     * Sets the instructions for the model about the whole server.
     *
     * @param forModel the instructions
     * @return this
     */
    public McpServerBuilder instructions(String forModel) {
        instructions = forModel;
        return this;
    }

    /**
     * Sets the URL of a page about the server, for its metadata (RFC 9728 §2).
     *
     * @param url the URL
     * @return this
     */
    public McpServerBuilder documentation(String url) {
        documentation = url;
        return this;
    }

    /**
     * Adds a tool.
     *
     * @param tool the tool
     * @return this
     */
    public McpServerBuilder tool(Tool tool) {
        tools.add(tool);
        return this;
    }

    /**
     * Adds a resource or a resource template.
     *
     * @param offered the resource
     * @return this
     */
    public McpServerBuilder resource(McpResource offered) {
        resources.add(offered);
        return this;
    }

    /**
     * Adds a prompt.
     *
     * @param prompt the prompt
     * @return this
     */
    public McpServerBuilder prompt(Prompt prompt) {
        prompts.add(prompt);
        return this;
    }

    /**
     * Sets an observer that counts and limits calls.
     *
     * @param callObserver the observer
     * @return this
     */
    public McpServerBuilder observer(CallObserver callObserver) {
        observer = callObserver;
        return this;
    }

    /**
     * Sets a policy that decides which caller may call which tool.
     *
     * @param callPolicy the policy
     * @return this
     */
    public McpServerBuilder policy(CallPolicy callPolicy) {
        policy = callPolicy;
        return this;
    }

    /**
     * Requires access tokens. Without this, every program on the same machine may use the whole server, and no other client.
     *
     * @param authServer   issuer identifier of the authorization server, a URL
     * @param resourceId URL of the MCP endpoint as clients see it, which tokens must be for (RFC 8707); ends in {@code /mcp}
     * @return this
     * @throws dev.gatehouse.shared.oauth.OAuthException if that is no resource identifier
     */
    public McpServerBuilder protectedBy(String authServer, String resourceId) {
        return protectedBy(IntrospectionOptions.of(authServer), ResourceId.parse(resourceId));
    }

    /**
     * Requires access tokens, with options for introspection.
     *
     * @param options the authorization server and the credentials at it
     * @param resourceId the identifier that tokens must have as audience (RFC 8707)
     * @return this
     */
    public McpServerBuilder protectedBy(IntrospectionOptions options, ResourceId resourceId) {
        introspection = options;
        resource = resourceId;
        return this;
    }

    /**
     * Validates JWT access tokens with the authorization server's keys instead of introspection (RFC 9068).
     *
     * @param options the limits of this validation
     * @return this
     */
    public McpServerBuilder localJwt(LocalJwtOptions options) {
        localJwt = options;
        return this;
    }

    /**
     * Sets the requirements for tokens that are bound to keys (RFC 9449).
     *
     * @param options the requirements
     * @return this
     */
    public McpServerBuilder dpop(DpopOptions options) {
        dpop = options;
        return this;
    }

    /**
     * Sets where client certificates come from, for tokens that are bound to one (RFC 8705). Without this, such tokens are rejected. The HTTP server must
     * ask its clients for certificates ({@code ClientAuth.REQUEST}).
     *
     * @param clients the source of the certificates
     * @return this
     */
    public McpServerBuilder clientCertificates(ClientCertificates clients) {
        certificates = clients;
        return this;
    }

    /**
     * Sets the certificate authorities that may certify the authorization server. The default is the platform's.
     *
     * @param authorities the certificate authorities
     * @return this
     */
    public McpServerBuilder trust(TrustOptions authorities) {
        trust = authorities;
        return this;
    }

    /**
     * Sets the client that the page of the endpoint names in its example. The default is placeholders.
     *
     * @param client the client
     * @return this
     */
    public McpServerBuilder exampleClient(ExampleClient client) {
        example = client;
        return this;
    }

    /**
     * Sets the scopes that imply other scopes.
     *
     * @param scopes the hierarchy
     * @return this
     */
    public McpServerBuilder scopes(ScopeHierarchy scopes) {
        hierarchy = scopes;
        return this;
    }

    /**
     * Sets the scopes that metadata and the first challenge list, in this order. Some clients request all of them. The default is every scope that a
     * feature needs, by name.
     *
     * @param scopes scopes that features need; empty for all
     * @return this
     */
    public McpServerBuilder scopesSupported(List<String> scopes) {
        supported = List.copyOf(scopes);
        return this;
    }

    /**
     * Serves the metadata also on the origin's own router, for a server on a router below. Some clients look nowhere else (RFC 9728 §3.1).
     *
     * @param origin the router at the root of the host
     * @return this
     */
    public McpServerBuilder metadataOn(Router origin) {
        metadata = origin;
        return this;
    }

    /**
     * Sets limits and allow-lists. The default is {@link McpTransportOptions#forHosts} with the resource's own host.
     *
     * @param options the options
     * @return this
     */
    public McpServerBuilder transport(McpTransportOptions options) {
        transport = options;
        return this;
    }

    /**
     * Sets the seal of the state that clients carry between the rounds of a call. All nodes need the same key. The default is a random key.
     *
     * @param sealer the seal
     * @return this
     */
    public McpServerBuilder requestStates(Sealer sealer) {
        states = sealer;
        return this;
    }

    /**
     * Leads clients of revision 2025-03-26 to the authorization server. For that it takes {@code /.well-known/oauth-authorization-server}, {@code
     * /authorize}, {@code /token} and {@code /register} of the router.
     *
     * @return this
     */
    public McpServerBuilder originDiscovery() {
        originDiscovery = true;
        return this;
    }

    /**
     * Sets the clock. The default is the system's.
     *
     * @param source the clock
     * @return this
     */
    public McpServerBuilder clock(Clock source) {
        clock = source;
        return this;
    }

    /**
     * Mounts {@code /mcp}, {@code /sse} and {@code /messages}, and for a protected server its metadata. Call it on the context of the verticle that
     * serves the router, before routes that would take those paths.
     *
     * @param vertx the Vert.x instance
     * @param router the router
     * @return the mounted server; close it with the verticle
     */
    public McpRouter mount(Vertx vertx, Router router) {
        McpFeatures features = new McpFeatures(name, title, version, instructions, tools, resources, prompts, observer, policy);
        Set<String> hosts = resource == null ? Set.of() : AllowedHosts.of(resource, Set.of());
        McpTransportOptions limits = transport == null ? McpTransportOptions.forHosts(hosts) : transport;
        McpAccess access = resource == null ? new OpenAccess(Set.copyOf(features.scopes())) : protectedAccess(vertx, features);
        if (metadata != null) {
            access.mount(metadata);
        }
        return new McpRouter(vertx, router, features, limits, access, states, clock);
    }

    private McpAccess protectedAccess(Vertx vertx, McpFeatures features) {
        ProtectedResource described = ProtectedResource.of(resource, introspection.authServer(), features.scopes(), hierarchy).withSupported(supported);
        TokenValidator validator = new TokenValidator(vertx, described, introspection, localJwt, trust, clock);
        return new ProtectedAccess(vertx, described, validator, dpop, certificates, new ResourceMetadataEndpoint(described, dpop, certificates, title, documentation), originDiscovery, example, clock);
    }
}
