package dev.gatehouse.authz.clientauth;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.UsedIdentifiers;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeysUnavailableException;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * A short-lived assertion that the client signs with a key that it has registered (RFC 7523 §2.2, OpenID Connect Core §9).
 * Its audience has to be this server's issuer, as one text: an assertion made out to an endpoint, or to several parties,
 * could be one that another server was given.
 */
public final class PrivateKeyJwt implements AuthenticationMethod {

    private static final Logger LOG = LoggerFactory.getLogger(PrivateKeyJwt.class);
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final JwtRules RULES = JwtRules.typed("client-authentication+jwt").orUntyped();
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration SKEW = Duration.ofSeconds(30);
    private static final int LONGEST_IDENTIFIER = 512;

    private final JwtVerifier verifier;
    private final ClientKeys keys;
    private final UsedIdentifiers used;
    private final ClaimCheck checks;

    public PrivateKeyJwt(JwtVerifier verifier, ClientKeys keys, UsedIdentifiers used, String issuer, Clock clock) {
        this.verifier = verifier;
        this.keys = keys;
        this.used = used;
        TimeChecks times = new TimeChecks(clock, SKEW);
        checks = ClaimCheck.value("aud", issuer).and(times.valid()).and(times.expiresWithin(LONGEST))
            .and(PrivateKeyJwt::requireIdentifier);
    }

    @Override
    public ClientAuthMethod method() {
        return ClientAuthMethod.PRIVATE_KEY_JWT;
    }

    @Override
    public boolean isUsed(ClientCall call) {
        return call.form().has("client_assertion") || call.form().has("client_assertion_type");
    }

    @Override
    public List<Credentials> read(ClientCall call) {
        String assertion = call.form().single("client_assertion");
        if (assertion == null || !TYPE.equals(call.form().single("client_assertion_type"))) {
            throw ClientAuthenticator.invalidClient("no client_assertion, or a client_assertion_type other than " + TYPE);
        }
        try {
            JsonObject claims = UnverifiedJwt.parse(assertion).claims();
            String clientId = Claims.text(claims, "sub");
            ClaimCheck.issuer(clientId).check(claims);
            return List.of(new Credentials(clientId, assertion));
        } catch (JwtException malformed) {
            throw ClientAuthenticator.invalidClient("client assertion: " + malformed.privateReason());
        }
    }

    @Override
    public Future<Boolean> verify(Client client, Credentials credentials, ClientCall call) {
        return Future.succeededFuture(credentials.proof())
            .compose(assertion -> verifier.verify(assertion, RULES.by(algorithms(client)), keys.of(client)))
            .compose(verified -> use(client, verified.require(checks).claims()))
            .recover(failure -> refuse(client, failure));
    }

    private static Set<SigningAlgorithm> algorithms(Client client) {
        String registered = client.metadata().text("token_endpoint_auth_signing_alg");
        return registered == null ? SigningAlgorithm.all()
            : SigningAlgorithm.named(registered).map(PrivateKeyJwt::withOtherName).orElse(Set.of());
    }

    /** RFC 9864 §2.2 gives EdDSA with the only curve that is used a name of its own; libraries differ in which they write. */
    private static Set<SigningAlgorithm> withOtherName(SigningAlgorithm algorithm) {
        Set<SigningAlgorithm> same = Set.of(SigningAlgorithm.EDDSA, SigningAlgorithm.ED25519);
        return same.contains(algorithm) ? same : Set.of(algorithm);
    }

    private static void requireIdentifier(JsonObject claims) {
        if (Claims.text(claims, "jti").length() > LONGEST_IDENTIFIER) {
            throw new JwtException("a jti of more than " + LONGEST_IDENTIFIER + " characters");
        }
    }

    /** Last, so that only an assertion that is right in every other way is used up. */
    private Future<Boolean> use(Client client, JsonObject claims) {
        long expiresAt = Claims.time(claims, "exp").orElseThrow() + SKEW.toMillis();
        return used.use("client assertion of " + client.id(), Claims.text(claims, "jti"), expiresAt).map(first -> {
            if (!first) {
                LOG.debug("A client assertion of {} was used before", client.id());
            }
            return first;
        });
    }

    private static Future<Boolean> refuse(Client client, Throwable failure) {
        if (failure instanceof JwtException refusal) {
            LOG.debug("A client assertion of {} is refused: {}", client.id(), refusal.privateReason());
            return Future.succeededFuture(false);
        }
        return Future.failedFuture(failure instanceof KeysUnavailableException
            ? new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The client's keys cannot be fetched at this moment",
                failure.getMessage()) : failure);
    }

    @Override
    public void describe(String prefix, JsonObject metadata) {
        metadata.put(prefix + "_auth_signing_alg_values_supported",
            new JsonArray(SigningAlgorithm.all().stream().map(SigningAlgorithm::wireName).toList()));
    }
}
