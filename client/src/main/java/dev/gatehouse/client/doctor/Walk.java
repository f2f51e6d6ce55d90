package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.oauth.Challenge;
import dev.gatehouse.client.oauth.MetadataPlaces;
import dev.gatehouse.shared.flight.Exchange;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Makes the requests that clients make on the way to a login, and records them. Reads the answers only to find the next request. */
final class Walk {

    /** The origin of the Inspector, which connects from a browser. */
    static final String BROWSER_ORIGIN = "http://localhost:6274";

    /** The endpoints that each login needs. */
    private static final List<String> NEEDED = List.of("authorization_endpoint", "token_endpoint");

    private final Recorder recorder;
    private final TlsWalk tls;
    private final URI server;
    private final Collection<ClientProfile> clients;

    Walk(Recorder recorder, TlsWalk tls, URI server, Collection<ClientProfile> clients) {
        this.recorder = recorder;
        this.tls = tls;
        this.server = server;
        this.clients = clients;
    }

    Future<Evidence> discover() {
        return handshake(server).compose(done -> recorder.call(Step.ANONYMOUS, McpRequests.initialize(server, McpRequests.STATEFUL)))
            .compose(answer -> answer.status() == 0 ? Future.succeededFuture() : mcp(answer).compose(done -> resource())
                .compose(done -> authorizationServer()).compose(done -> tokenEndpoint()))
            .map(done -> evidence());
    }

    /** Makes a handshake with an https origin, once. */
    private Future<?> handshake(URI url) {
        boolean made = evidence().at(Step.TLS, SecureUrl.origin(url)).isPresent();
        return made || !"https".equals(url.getScheme()) ? Future.succeededFuture() : tls.with(url).onSuccess(handshake -> recorder.add(handshake.toExchange()));
    }

    Evidence evidence() {
        return recorder.evidence(server);
    }

    private Future<Exchange> mcp(Exchange anonymous) {
        HttpCall call = McpRequests.initialize(server, McpRequests.STATEFUL);
        Future<?> withToken = anonymous.status() / 100 == 2 ? Future.succeededFuture()
            : recorder.call(Step.INVALID_TOKEN, call.with("Authorization", "Bearer gatehouse-doctor-invalid"))
                .compose(done -> recorder.call(Step.ANONYMOUS_STREAM, HttpCall.get(server, "text/event-stream")));
        return withToken.compose(done -> recorder.call(Step.PREFLIGHT, preflight(server, "POST", "authorization,content-type,mcp-protocol-version,mcp-session-id")))
            .compose(done -> recorder.call(Step.BROWSER, call.with("Origin", BROWSER_ORIGIN)));
    }

    static HttpCall preflight(URI url, String method, String headers) {
        return new HttpCall(HttpMethod.OPTIONS, url, Recorder.headers("Origin", BROWSER_ORIGIN, "Access-Control-Request-Method", method,
            "Access-Control-Request-Headers", headers), null);
    }

    private Future<?> resource() {
        Set<String> places = new LinkedHashSet<>();
        evidence().challenge().flatMap(Challenge::resourceMetadata).ifPresent(places::add);
        places.addAll(MetadataPlaces.ofResource(server, Optional.empty()));
        return each(places, place -> get(Step.RESOURCE_METADATA, place, Map.of("MCP-Protocol-Version", McpRequests.STATEFUL)))
            .compose(done -> asBrowser(evidence().resourceMetadata(), Step.RESOURCE_METADATA_PREFLIGHT, Step.RESOURCE_METADATA_BROWSER));
    }

    private Future<?> authorizationServer() {
        String issuer = evidence().issuer().orElse(SecureUrl.origin(server));
        Set<String> places = new LinkedHashSet<>();
        Map<String, Map<String, String>> others = new LinkedHashMap<>();
        try {
            places.addAll(MetadataPlaces.ofServer(issuer));
            clients.forEach(client -> ClientDiscovery.serverPlaces(client, server, issuer).forEach(place -> others.putIfAbsent(place, client.headers())));
            others.keySet().removeAll(places);
        } catch (CallException notAUrl) {
            // The identifier has no places; a check names it.
            return Future.succeededFuture();
        }
        return reachable(issuer).<Future<?>>map(this::handshake).orElseGet(Future::succeededFuture)
            .compose(done -> each(places, place -> get(Step.SERVER_METADATA, place, Map.of("MCP-Protocol-Version", McpRequests.STATEFUL))))
            .compose(done -> each(NEEDED, name -> endpoint(name).<Future<?>>map(this::handshake).orElseGet(Future::succeededFuture)))
            .compose(done -> each(others.keySet(), place -> get(ClientDiscovery.OTHER_PLACE, place, others.get(place))))
            .compose(done -> asBrowser(evidence().serverMetadata(), Step.SERVER_METADATA_PREFLIGHT, Step.SERVER_METADATA_BROWSER))
            .compose(done -> endpoint("jwks_uri").<Future<?>>map(keys -> recorder.call(Step.KEYS, HttpCall.get(keys, "application/json")))
                .orElseGet(Future::succeededFuture));
    }

    /** Asks as a page of another origin does: a preflight, for the header that makes the request not simple, then the request. */
    private Future<?> asBrowser(Optional<Exchange> found, String preflight, String request) {
        return found.<Future<?>>map(document -> {
            URI url = URI.create(document.url());
            return recorder.call(preflight, preflight(url, "GET", "mcp-protocol-version"))
                .compose(done -> recorder.call(request, HttpCall.get(url, "application/json").with("Origin", BROWSER_ORIGIN)));
        }).orElseGet(Future::succeededFuture);
    }

    private Future<?> tokenEndpoint() {
        return endpoint("token_endpoint").<Future<?>>map(url -> {
            HttpCall invalid = HttpCall.postForm(url, Map.of("grant_type", "authorization_code", "code", "gatehouse-doctor-invalid", "client_id",
                "gatehouse-doctor", "redirect_uri", "http://127.0.0.1/callback", "code_verifier", "v".repeat(43)));
            return recorder.call(Step.TOKEN_PREFLIGHT, preflight(url, "POST", "mcp-protocol-version"))
                .compose(done -> recorder.call(Step.TOKEN_INVALID_CODE, invalid.with("Origin", BROWSER_ORIGIN)));
        }).orElseGet(Future::succeededFuture);
    }

    Optional<URI> endpoint(String name) {
        return evidence().endpoint(name).flatMap(this::reachable);
    }

    private Future<Exchange> get(String step, String place, Map<String, String> headers) {
        Optional<URI> url = reachable(place);
        if (url.isEmpty()) {
            recorder.add(new Exchange(step, "GET", place, Map.of(), "", 0, Map.of(), "", "the URL is not one that clients call"));
            return Future.succeededFuture();
        }
        HttpCall call = HttpCall.get(url.get(), "application/json");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            call = call.with(header.getKey(), header.getValue());
        }
        return recorder.call(step, call);
    }

    /** A URL that may be called: a server elsewhere must not make this program call services of the user's own machine. */
    Optional<URI> reachable(String url) {
        try {
            URI parsed = SecureUrl.parse(url, "A URL of the server");
            return SecureUrl.isLoopback(parsed) && !SecureUrl.isLoopback(server) ? Optional.empty() : Optional.of(parsed);
        } catch (CallException e) {
            return Optional.empty();
        }
    }

    static Future<?> each(Collection<String> items, Function<String, Future<?>> step) {
        Future<?> all = Future.succeededFuture();
        for (String item : List.copyOf(items)) {
            all = all.compose(done -> step.apply(item));
        }
        return all;
    }

    /** The scopes to request: the challenge's, else all that the resource supports (specification of MCP, scope selection strategy). */
    static String scope(Evidence evidence) {
        return evidence.challenge().flatMap(Challenge::scope).orElseGet(() -> String.join(" ",
            Evidence.texts(evidence.resource().orElseGet(JsonObject::new), "scopes_supported").toList()));
    }
}
