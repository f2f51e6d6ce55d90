package dev.gatehouse.authz.assertion;

import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.RemoteKeys;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.util.function.Function;

/** The sources of the keys of trusted issuers: the configuration, a JWK set that it names, or one that their metadata names. */
public final class IssuerKeys {

    private static final String OPENID = "/.well-known/openid-configuration";
    private static final String OAUTH = "/.well-known/oauth-authorization-server";

    private final Vertx vertx;
    private final Function<URI, Future<JsonObject>> fetch;
    private final Clock clock;

    /** @param fetch gets a JSON document; bounds its size and time, and decides which addresses may be asked */
    public IssuerKeys(Vertx vertx, Function<URI, Future<JsonObject>> fetch, Clock clock) {
        this.vertx = vertx;
        this.fetch = fetch;
        this.clock = clock;
    }

    /** The keys of one issuer, to be kept as long as it is trusted. */
    public KeySource of(TrustedIssuerOptions options) {
        if (options.jwks() != null) {
            return FixedKeys.parse(options.jwks());
        }
        return options.jwksUri() != null ? new RemoteKeys(vertx, URI.create(options.jwksUri()), fetch, clock)
            : new RemoteKeys(vertx, URI.create(options.issuer()), unused -> discovered(options.issuer()), clock);
    }

    /** Workload platforms have the document of OpenID Connect Discovery §4, authorization servers at least that of RFC 8414 §3. */
    private Future<JsonObject> discovered(String issuer) {
        URI uri = URI.create(issuer);
        String path = uri.getRawPath().endsWith("/") ? uri.getRawPath().substring(0, uri.getRawPath().length() - 1) : uri.getRawPath();
        String origin = uri.getScheme() + "://" + uri.getRawAuthority();
        return metadata(issuer, origin + path + OPENID).recover(none -> metadata(issuer, origin + OAUTH + path))
            .compose(metadata -> fetch.apply(URI.create(metadata.getString("jwks_uri"))));
    }

    /** A document that another issuer could have written says nothing of this one's keys (RFC 8414 §3.3). */
    private Future<JsonObject> metadata(String issuer, String address) {
        return fetch.apply(URI.create(address)).map(metadata -> {
            if (!issuer.equals(metadata.getValue("issuer")) || !(metadata.getValue("jwks_uri") instanceof String)) {
                throw new JwtException("metadata of another issuer, or without keys");
            }
            return metadata;
        });
    }
}
