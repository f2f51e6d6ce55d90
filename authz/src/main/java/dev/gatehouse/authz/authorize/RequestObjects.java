package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Signed authorization requests (RFC 9101), by value only: a {@code request_uri} is never fetched (§10.4). The object contains
 * the whole request; parameters outside it are ignored (§6.3), except {@code client_id}.
 */
public final class RequestObjects {

    static final String PARAMETER = "request";
    private static final JwtRules RULES = JwtRules.typed("oauth-authz-req+jwt").orUntyped();
    /** The longest lifetime of FAPI 2.0 Message Signing §5.3.1. */
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final Set<String> ABOUT_THE_OBJECT = Set.of("iss", "aud", "exp", "nbf", "iat", "jti");

    private final JwtVerifier verifier;
    private final Function<Client, KeySource> keys;
    private final ClaimCheck checks;
    private final boolean enabled;

    /** @param keys the registered keys of a client */
    public RequestObjects(JwtVerifier verifier, Function<Client, KeySource> keys, String issuer, boolean enabled, Clock clock) {
        this.verifier = verifier;
        this.keys = keys;
        this.enabled = enabled;
        TimeChecks times = new TimeChecks(clock, SKEW);
        checks = ClaimCheck.audience(Set.of(issuer)).and(times.valid()).and(times.expiresWithin(LONGEST)).and(RequestObjects::requireRequest);
    }

    /**
     * Returns the parameters of a request, or those of its request object if it has one.
     *
     * @return fails with {@code invalid_request_object} if the object is not signed by its client, not for this server, or not
     *     within an hour; with {@code request_not_supported} if request objects are disabled
     */
    Future<FormParameters> read(Client client, FormParameters sent) {
        return Future.succeededFuture(sent).compose(parameters -> {
            String object = parameters.single(PARAMETER);
            if (object == null) {
                requireNoneNeeded(client);
                return Future.succeededFuture(parameters);
            }
            if (!enabled) {
                throw new OAuthException(OAuthErrorCode.REQUEST_NOT_SUPPORTED, "Request objects are not supported");
            }
            return verifier.verify(object, RULES.by(algorithms(client)), keys.apply(client))
                .map(jwt -> jwt.require(ClaimCheck.issuer(client.id()).and(ClaimCheck.value("client_id", client.id())).and(checks)))
                .map(jwt -> parameters(jwt.claims()))
                .recover(RequestObjects::refuse);
        });
    }

    private void requireNoneNeeded(Client client) {
        if (enabled && client.metadata().isTrue("require_signed_request_object")) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "This client must sign its requests (RFC 9101)");
        }
    }

    private static Set<SigningAlgorithm> algorithms(Client client) {
        String registered = client.metadata().text("request_object_signing_alg");
        return registered == null ? SigningAlgorithm.all() : SigningAlgorithm.named(registered).map(Set::of).orElse(Set.of());
    }

    /** A request object must not contain another one (§4), nor {@code sub}, which only client assertions and ID tokens have (§10.8). */
    private static void requireRequest(JsonObject claims) {
        if (Stream.of(PARAMETER, "request_uri", "sub").anyMatch(claims::containsKey)) {
            throw new JwtException("a claim that is not allowed in a request object");
        }
    }

    private static Future<FormParameters> refuse(Throwable failure) {
        if (failure instanceof JwtException refusal) {
            return Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_REQUEST_OBJECT,
                "The request object is not valid: it must be signed by a key of its client, for this server, and valid for at most an hour",
                "request object: " + refusal.privateReason()));
        }
        return Future.failedFuture(failure instanceof KeysUnavailableException
            ? new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The client's keys cannot be fetched now", failure.getMessage())
            : failure);
    }

    private static FormParameters parameters(JsonObject claims) {
        return FormParameters.parse(claims.fieldNames().stream().filter(name -> !ABOUT_THE_OBJECT.contains(name))
            .flatMap(name -> values(claims.getValue(name)).map(value -> FormParameters.encode(name) + "=" + FormParameters.encode(value)))
            .collect(Collectors.joining("&")));
    }

    /** An array has several values, as for {@code resource}; {@code claims} is an object; numbers keep their text. */
    private static Stream<String> values(Object value) {
        if (value instanceof JsonArray several) {
            return several.stream().flatMap(RequestObjects::values);
        }
        return value == null ? Stream.of() : Stream.of(value instanceof JsonObject object ? object.encode() : value.toString());
    }
}
