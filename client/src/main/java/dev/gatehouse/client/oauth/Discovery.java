package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpAnswer;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Finds the authorization server of an MCP server, step by step, and tells an observer of each step. */
public final class Discovery {

    /**
     * An MCP server's authorization.
     *
     * @param resource the value of the {@code resource} parameter
     * @param metadata of the resource, or null where the server has none (revision 2025-03-26)
     */
    public record Found(String resource, ResourceMetadata metadata, AuthorizationServer server) {
    }

    private final HttpCaller http;
    private final Consumer<Lookup> observer;

    public Discovery(HttpCaller http, Consumer<Lookup> observer) {
        this.http = http;
        this.observer = observer;
    }

    /**
     * Follows a challenge to the authorization server.
     *
     * @param server the URL of the MCP server, as the user named it
     * @param challenge of its answer, when there was one
     * @return fails with {@link OAuthFailure}
     */
    public Future<Found> discover(URI server, Optional<Challenge> challenge) {
        return resource(server, challenge).compose(metadata -> metadata.isEmpty() ? withoutMetadata(server)
            : authorizationServer(server, metadata.get()).map(found -> new Found(metadata.get().resource(), metadata.get(), found)));
    }

    /** Finds and checks the metadata of the resource; empty when there is none in any place. */
    public Future<Optional<ResourceMetadata>> resource(URI server, Optional<Challenge> challenge) {
        Optional<String> named = challenge.flatMap(Challenge::resourceMetadata);
        return first(Lookup.RESOURCE, server, MetadataPlaces.ofResource(server, named).iterator()).map(lookup -> {
            boolean hasNone = lookup.status() / 100 == 4 && named.isEmpty();
            if (!lookup.found() && !hasNone) {
                throw OAuthFailure.protocol("There is no protected resource metadata at " + lookup.url() + ": " + lookup.problem() + ".");
            }
            return lookup.found() ? Optional.of(new ResourceMetadata(lookup.content()).requireAbout(server)) : Optional.empty();
        });
    }

    private Future<AuthorizationServer> authorizationServer(URI server, ResourceMetadata metadata) {
        if (metadata.authorizationServers().isEmpty()) {
            return Future.failedFuture(OAuthFailure.protocol("The protected resource metadata of " + server + " names no authorization server."));
        }
        // The first is the one that the server prefers; the user sees it before anything is sent there.
        return authorizationServer(server, metadata.authorizationServers().get(0));
    }

    /** Finds and checks the metadata of an authorization server that a server names. */
    public Future<AuthorizationServer> authorizationServer(URI server, String issuer) {
        return first(Lookup.SERVER, server, MetadataPlaces.ofServer(issuer).iterator()).map(lookup -> {
            if (!lookup.found()) {
                throw OAuthFailure.protocol("The authorization server " + issuer + " has no metadata in any of the places "
                    + String.join(", ", MetadataPlaces.ofServer(issuer)) + ". The last: " + lookup.problem() + ".");
            }
            return AuthorizationServer.of(issuer, lookup.content());
        });
    }

    /** Revision 2025-03-26: the authorization server is at the origin of the MCP server, with default endpoints where it has no metadata. */
    private Future<Found> withoutMetadata(URI server) {
        String origin = SecureUrl.origin(server);
        return first(Lookup.SERVER, server, List.of(MetadataPlaces.ofServer(origin).get(0)).iterator())
            .map(lookup -> lookup.found() ? AuthorizationServer.of(origin, lookup.content()) : AuthorizationServer.withDefaultEndpoints(origin))
            .map(found -> new Found(server.toString(), null, found));
    }

    /** Looks in one place after the other. Returns the first document, or the last place without one. */
    private Future<Lookup> first(String document, URI server, Iterator<String> places) {
        return look(document, server, places.next()).compose(lookup -> {
            observer.accept(lookup);
            return lookup.found() || !places.hasNext() ? Future.succeededFuture(lookup) : first(document, server, places);
        });
    }

    private Future<Lookup> look(String document, URI server, String place) {
        return Future.succeededFuture(place).map(url -> requireReachableFrom(server, url))
            .compose(url -> http.call(HttpCall.get(url, "application/json")))
            .map(answer -> judge(document, place, answer))
            .recover(cause -> cause instanceof CallException problem
                ? Future.succeededFuture(new Lookup(document, place, 0, null, problem.getMessage())) : Future.failedFuture(cause));
    }

    /** A server elsewhere must not make this client call services of the user's own machine. */
    private static URI requireReachableFrom(URI server, String place) {
        URI url = SecureUrl.require(place, "The address of a metadata document");
        if (SecureUrl.isLoopback(url) && !SecureUrl.isLoopback(server)) {
            throw new CallException(server + " names an address of this machine, which is not called: " + place);
        }
        return url;
    }

    private static Lookup judge(String document, String place, HttpAnswer answer) {
        if (answer.status() != 200) {
            String to = answer.headers().get("Location");
            return new Lookup(document, place, answer.status(), null,
                to == null ? "status " + answer.status() : "a redirect to " + to + ", which is not followed");
        }
        return answer.json().map(content -> new Lookup(document, place, 200, content, ""))
            .orElseGet(() -> new Lookup(document, place, 200, null, "not a JSON object"));
    }

    /**
     * One step of discovery: the request and its outcome.
     *
     * @param document names the kind of document: {@code protected resource metadata} or {@code authorization server metadata}
     * @param status the HTTP status, or 0 when there was no answer
     * @param content the document, or null when there is none to use
     * @param problem why there is none; empty when there is
     */
    public record Lookup(String document, String url, int status, JsonObject content, String problem) {

        static final String RESOURCE = "protected resource metadata";
        static final String SERVER = "authorization server metadata";

        public boolean found() {
            return content != null;
        }
    }
}
