package dev.gatehouse.authz.client.auth;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod.Credentials;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
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
 * could be one that another server was given. An operator may let a client name the token endpoint as well.
 *
 * <p>A refusal says what is wrong. The claims are checked before the client is looked at, and an unknown client is refused in
 * the words of a wrong signature, so that no refusal tells which clients there are.
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
    private final UsedIdentifierStore used;
    private final ClaimCheck audience;
    private final ClaimCheck audienceOrEndpoint;
    private final ClaimCheck others;

    /** @param tokenEndpoint which an operator may let a client name as the audience */
    public PrivateKeyJwt(JwtVerifier verifier, ClientKeys keys, UsedIdentifierStore used, String issuer, String tokenEndpoint, Clock clock) {
        this.verifier = verifier;
        this.keys = keys;
        this.used = used;
        TimeChecks times = new TimeChecks(clock, SKEW);
        audience = ClaimCheck.value("aud", issuer);
        Set<String> accepted = Set.of(issuer, tokenEndpoint);
        audienceOrEndpoint = claims -> requireWithin(accepted, Claims.audience(claims));
        others = times.valid().and(times.expiresWithin(LONGEST)).and(PrivateKeyJwt::requireIdentifier);
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
        boolean endpoint = client.policy().endpointAudience();
        return Future.succeededFuture(credentials.proof())
            .map(assertion -> requireClaims(assertion, endpoint ? audienceOrEndpoint : audience))
            .compose(assertion -> verifier.verify(assertion, RULES.by(algorithms(client)), keys.of(client)))
            .compose(verified -> use(client, verified.claims()))
            .recover(failure -> refuse(client, failure));
    }

    @Override
    public Future<Boolean> verifyAbsent(Credentials credentials, ClientCall call) {
        return Future.succeededFuture(credentials.proof()).map(assertion -> requireClaims(assertion, audience))
            .compose(assertion -> Future.failedFuture(unproven("no client of this method")));
    }

    /** Returns the assertion. @throws OAuthException that says which claim is wrong */
    private String requireClaims(String assertion, ClaimCheck audiences) {
        JsonObject claims = UnverifiedJwt.parse(assertion).claims();
        require(claims, audiences, "the aud of the client assertion has to be the issuer identifier of this server, as one text");
        require(claims, others, "a claim of the client assertion is not accepted");
        return assertion;
    }

    private static void require(JsonObject claims, ClaimCheck check, String otherwise) {
        try {
            check.check(claims);
        } catch (JwtException refusal) {
            throw refusal(otherwise + " (" + refusal.privateReason() + ")", refusal.privateReason());
        }
    }

    private static void requireWithin(Set<String> accepted, List<String> audiences) {
        if (audiences.isEmpty() || !accepted.containsAll(audiences)) {
            throw new JwtException("neither the issuer nor the token endpoint");
        }
    }

    private static OAuthException unproven(String privateReason) {
        return refusal("the client is unknown, is not registered for private_key_jwt, or has not signed the assertion with a key"
            + " and an algorithm that it has registered", privateReason);
    }

    private static OAuthException refusal(String reason, String privateReason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed: " + reason, privateReason);
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
                throw refusal("the jti of the client assertion was used before", "jti used before");
            }
            return true;
        });
    }

    private static Future<Boolean> refuse(Client client, Throwable failure) {
        if (failure instanceof JwtException refusal) {
            LOG.debug("A client assertion of {} is refused: {}", client.id(), refusal.privateReason());
            return Future.failedFuture(unproven(refusal.privateReason()));
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
