package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.OAuthErrorResponder;
import dev.gatehouse.authz.scim.ResourceStore.Written;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.TokenIndex;
import dev.gatehouse.authz.token.TokenPresentation;
import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code /scim/v2} (RFC 7644): clients of the operator create, change and end accounts and groups. They use bearer tokens of their own, which
 * are for this endpoint alone, so that no other resource server can use one that it received.
 */
public final class ScimEndpoint implements Endpoint {

    private static final int MAXIMUM_BYTES = 1024 * 1024;
    private static final String SCOPE = ScopePolicy.PROVISIONING;

    private final TokenPresentation tokens;
    private final TokenIndex index;
    private final List<ResourceStore> stores;
    private final ScimDiscovery discovery;
    private final String base;
    private final RateLimiter limiter;
    private final Supplier<Future<Void>> flushAudit;
    private final Clock clock;
    private Routes routes;

    /**
     * @param base the URL of this endpoint, which is the audience of its tokens
     * @param flushAudit completes when the audit trail has the events so far
     */
    public ScimEndpoint(TokenPresentation tokens, TokenIndex index, List<ResourceStore> stores, String base, RateLimiter limiter, Supplier<Future<Void>> flushAudit,
                        Clock clock) {
        this.tokens = tokens;
        this.index = index;
        this.stores = stores;
        this.base = base;
        this.limiter = limiter;
        this.flushAudit = flushAudit;
        this.clock = clock;
        discovery = new ScimDiscovery(base);
    }

    @Override
    public void mount(Routes mounted) {
        routes = mounted;
        Router router = mounted.served();
        router.route(ScimOptions.PATH + "/*").handler(context -> {
            if (!OAuthErrorResponder.refuseAboveLimit(context, limiter, routes.addresses().sourceOf(context.request()))) {
                context.next();
            }
        });
        // Readable without a token, so that a client learns how to authenticate (RFC 7643 §5).
        router.route(HttpMethod.GET, ScimOptions.PATH + "/ServiceProviderConfig").handler(context -> ScimAnswer.of(discovery.configuration()).send(context));
        document("/ResourceTypes", call -> discovery.resourceTypes());
        document("/ResourceTypes/:id", call -> discovery.resourceType(call.id()));
        document("/Schemas", call -> discovery.schemas());
        document("/Schemas/:id", call -> discovery.schema(call.id()));
        stores.forEach(this::mount);
        router.route(ScimOptions.PATH + "/*").handler(context -> handle(context, call -> Future.failedFuture(
            new ScimException(404, null, "There is no such endpoint, or it does not have this method"))));
    }

    private void document(String path, Function<ScimCall, JsonObject> document) {
        route(HttpMethod.GET, path, call -> Future.succeededFuture(ScimAnswer.of(document.apply(call))));
        only(path, "GET");
    }

    private void mount(ResourceStore store) {
        String all = store.type().path();
        route(HttpMethod.GET, all, call -> list(store, call, Query.of(store.type(), call::query)));
        route(HttpMethod.POST, all, call -> create(store, call));
        only(all, "GET, POST");
        route(HttpMethod.POST, all + "/.search", call -> list(store, call, Query.of(store.type(), call.json())));
        only(all + "/.search", "POST");
        String one = all + "/:id";
        route(HttpMethod.GET, one, call -> read(store, call));
        route(HttpMethod.PUT, one, call -> replace(store, call));
        route(HttpMethod.PATCH, one, call -> patch(store, call));
        route(HttpMethod.DELETE, one, call -> delete(store, call));
        only(one, "GET, PUT, PATCH, DELETE");
    }

    private void route(HttpMethod method, String path, Function<ScimCall, Future<ScimAnswer>> answer) {
        routes.served().route(method, ScimOptions.PATH + path).handler(context -> handle(context, answer));
    }

    private void only(String path, String methods) {
        routes.served().route(ScimOptions.PATH + path).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, methods);
            handle(context, call -> Future.failedFuture(new ScimException(405, null, "Allowed methods: " + methods)));
        });
    }

    private void handle(RoutingContext context, Function<ScimCall, Future<ScimAnswer>> answer) {
        BoundedBody.read(context, MAXIMUM_BYTES)
            .compose(body -> tokens.of(context).map(this::client).map(clientId -> new ScimCall(context, body, clientId, RequestId.origin(context, routes.addresses()))))
            .compose(answer::apply)
            .compose(done -> done.send(context))
            .onFailure(failure -> refuse(context, failure));
    }

    /** The client of the access token. It acts for itself, not for a user. */
    private String client(AccessToken token) {
        if (!token.audience().equals(List.of(base))) {
            throw new OAuthException(OAuthErrorCode.INVALID_TOKEN, "The access token is not for " + base + " alone");
        }
        if (token.grantId() != null || !token.scopes().contains(SCOPE)) {
            throw new OAuthException(OAuthErrorCode.INSUFFICIENT_SCOPE, "The access token must be of a client itself, with the scope " + SCOPE);
        }
        return token.clientId();
    }

    private Future<ScimAnswer> create(ResourceStore store, ScimCall call) {
        Projection projection = call.projection(store.type());
        return store.create(call.clientId(), ResourceReader.read(store.type(), call.json()), clock.millis())
            .compose(written -> done(store, call, written, "created", 201, projection));
    }

    private Future<ScimAnswer> read(ResourceStore store, ScimCall call) {
        Projection projection = call.projection(store.type());
        return store.find(call.clientId(), call.id()).map(found -> {
            JsonObject resource = found.orElseThrow(ScimException::notFound);
            return call.isKnown(resource) ? new ScimAnswer(304, null, resource) : new ScimAnswer(200, projection.of(resource), resource);
        });
    }

    private static Future<ScimAnswer> list(ResourceStore store, ScimCall call, Query query) {
        return store.list(call.clientId(), query).map(page -> ScimAnswer.of(query.response(page)));
    }

    private Future<ScimAnswer> replace(ResourceStore store, ScimCall call) {
        JsonObject document = ResourceReader.read(store.type(), call.json());
        return edit(store, call, current -> document, "replaced");
    }

    private Future<ScimAnswer> patch(ResourceStore store, ScimCall call) {
        JsonObject request = call.json();
        return edit(store, call, current -> ResourceReader.read(store.type(), Patch.apply(store.type(), current, request)), "changed");
    }

    private Future<ScimAnswer> edit(ResourceStore store, ScimCall call, Function<JsonObject, JsonObject> edit, String event) {
        Projection projection = call.projection(store.type());
        return store.change(call.clientId(), call.id(), current -> {
            call.requireMatch(current);
            return edit.apply(current);
        }, clock.millis()).compose(written -> done(store, call, written, event, 200, projection));
    }

    private Future<ScimAnswer> delete(ResourceStore store, ScimCall call) {
        return store.delete(call.clientId(), call.id(), call::requireMatch, clock.millis())
            .compose(written -> done(store, call, written, "deleted", 204, null)).map(new ScimAnswer(204, null, null));
    }

    /** An acknowledged change has its event in the audit trail. */
    private Future<ScimAnswer> done(ResourceStore store, ScimCall call, Written written, String event, int status, Projection projection) {
        written.users().forEach(sub -> index.forget(InvalidationKind.USER, sub));
        JsonObject resource = written.resource();
        call.origin().record("scim_" + store.type().name().toLowerCase(Locale.ROOT) + "_" + event, "client_id", call.clientId(),
            "id", resource.getString("id"), "active", resource.getValue("active"));
        return flushAudit.get().map(new ScimAnswer(status, projection == null ? null : projection.of(resource), resource));
    }

    private void refuse(RoutingContext context, Throwable failure) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        ScimException refusal = failure instanceof ScimException known ? known : refusal(context, failure);
        RequestLog.reason(context, refusal.getMessage());
        new ScimAnswer(refusal.status(), refusal.toJson(), null).send(context);
    }

    /** Failures of the server become an error of the form of SCIM. The log has the cause. */
    private static ScimException refusal(RoutingContext context, Throwable failure) {
        OAuthException refusal = OAuthErrorResponder.refusal(context, failure);
        boolean ofToken = OAuthErrorResponder.isOfToken(refusal.code());
        if (ofToken || refusal.code() == OAuthErrorCode.INSUFFICIENT_SCOPE) {
            OAuthErrorResponder.challenge(context, refusal.code(), SCOPE);
        }
        if (refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        return new ScimException(ofToken ? 401 : refusal.code().status(), null, refusal.description());
    }

}
