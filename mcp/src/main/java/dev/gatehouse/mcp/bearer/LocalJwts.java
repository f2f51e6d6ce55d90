package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.AuthServerDirectory.Endpoints;
import dev.gatehouse.mcp.bearer.Introspector.Answer;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.RemoteKeys;
import dev.gatehouse.shared.jose.RemoteKeys.RemoteKeyTimes;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/**
 * Verifies access tokens in JWT form (RFC 9068 §4) by the keys that the authorization server publishes. What it says of a
 * good one is what introspection would say.
 */
public final class LocalJwts {

    private static final Logger LOG = LoggerFactory.getLogger(LocalJwts.class);
    private static final JwtRules RULES = JwtRules.typed("at+jwt");
    private static final int RETRY_SECONDS = 5;
    /** As long as an answer of introspection is believed, so that a key which was withdrawn is noticed as soon as a token. */
    private static final RemoteKeyTimes TIMES = new RemoteKeyTimes(Duration.ofSeconds(60), Duration.ofMinutes(15),
        Duration.ofSeconds(10), Duration.ofSeconds(1));

    private final Vertx vertx;
    private final AuthServerDirectory directory;
    private final LocalJwtOptions options;
    private final Clock clock;
    private final JwtVerifier verifier;
    private final ClaimCheck times;
    private volatile Keys keys;

    private record Keys(String uri, RemoteKeys source) {
    }

    LocalJwts(Vertx vertx, AuthServerDirectory directory, LocalJwtOptions options, Clock clock) {
        this.vertx = vertx;
        this.directory = directory;
        this.options = options;
        this.clock = clock;
        this.verifier = new JwtVerifier(vertx);
        this.times = new TimeChecks(clock, Duration.ofSeconds(options.clockSkewSeconds())).valid()
            .and(claims -> Claims.time(claims, "iat").orElseThrow(() -> new JwtException("no iat")));
    }

    boolean isOn() {
        return options.enabled();
    }

    /** Fails if the keys are not available. */
    Future<Void> probe() {
        return directory.endpoints().compose(endpoints -> directory.fetch(endpoints.keys())).mapEmpty();
    }

    /** Returns true if the token is verified here, without introspection. */
    boolean takes(String token) {
        return options.enabled() && UnverifiedJwt.looksLikeOne(token);
    }

    /**
     * Verifies all but the audience.
     *
     * @return fails with {@link InvalidTokenException}, or with {@link AuthServerUnavailableException} when the keys
     *     cannot be had
     */
    Future<Answer> verify(String token) {
        return directory.endpoints().compose(endpoints -> verify(token, endpoints))
            .recover(failure -> Future.failedFuture(translate(failure)));
    }

    private Future<Answer> verify(String token, Endpoints endpoints) {
        ClaimCheck check = ClaimCheck.issuer(endpoints.issuer()).and(ClaimCheck.present("sub", "client_id", "jti")).and(times);
        return verifier.verify(token, RULES, keysAt(endpoints)).map(jwt -> {
            JsonObject claims = jwt.require(check).claims().put("active", true);
            return new Answer(endpoints.issuer(), claims, options.clockSkewSeconds());
        });
    }

    /** The keys at an address stay the same object, which remembers them, until the address changes. */
    private synchronized RemoteKeys keysAt(Endpoints endpoints) {
        if (keys == null || !keys.uri().equals(endpoints.keys())) {
            keys = new Keys(endpoints.keys(),
                new RemoteKeys(vertx, URI.create(endpoints.keys()), uri -> directory.fetch(uri.toString()), clock, TIMES));
        }
        return keys.source();
    }

    private static Throwable translate(Throwable failure) {
        if (failure instanceof JwtException refused) {
            LOG.debug("A JWT was refused: {}", refused.privateReason());
            return new InvalidTokenException("The access token is expired, or was not issued by the authorization server for this use");
        }
        return failure instanceof KeysUnavailableException
            ? new AuthServerUnavailableException(failure.getMessage(), RETRY_SECONDS) : failure;
    }

    /**
     * Options for access tokens that are JWTs.
     *
     * @param enabled          whether they are verified here with the authorization server's keys, and not by introspection
     * @param clockSkewSeconds maximum difference of the clocks, at most 60
     */
    public record LocalJwtOptions(boolean enabled, int clockSkewSeconds) {

        /** Every token is asked about, so that its revocation is noticed. */
        public static final LocalJwtOptions OFF = new LocalJwtOptions(false, 10);
    }
}
