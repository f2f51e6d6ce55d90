package dev.gatehouse.authz.client.auth;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.RemoteKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.function.Function;

/** The public keys that clients have registered, by value or by address (RFC 7591 §2). Safe for use from any thread. */
public final class ClientKeys {

    private static final int MOST_ADDRESSES = 1_000;
    private static final KeySource NONE = (kid, algorithm) -> Future.succeededFuture(List.of());

    private final Vertx vertx;
    private final Function<URI, Future<JsonObject>> fetch;
    private final Clock clock;
    private final Cache<String, RemoteKeys> remote = Caches.builder().maximumSize(MOST_ADDRESSES).build();

    /** @param fetch gets a JSON document, and decides which addresses may be asked for one */
    public ClientKeys(Vertx vertx, Function<URI, Future<JsonObject>> fetch, Clock clock) {
        this.vertx = vertx;
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The keys of a client; none where it has registered none. */
    public KeySource of(Client client) {
        if (client.metadata().jwks() != null) {
            return FixedKeys.parse(client.metadata().jwks());
        }
        String address = client.metadata().jwksUri();
        return address == null ? NONE : remote.get(address, uri -> new RemoteKeys(vertx, URI.create(uri), fetch, clock));
    }
}
