package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.TrustedIssuers.TrustedIssuer;
import dev.gatehouse.shared.jose.ClaimCheck;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.time.Duration;
import java.util.Locale;

/** Reads the {@code assertion} parameter (RFC 7521 §4.1, RFC 7523 §3). */
public final class AssertionReader {

    /** The type of an identity assertion (draft-ietf-oauth-identity-assertion-authz-grant §3). */
    public static final String ID_JAG = "oauth-id-jag+jwt";

    private static final Duration SKEW = Duration.ofSeconds(30);
    /** Workload platforms set no type of their own. JWTs of another type are refused. */
    private static final JwtRules PLAIN = JwtRules.typed("JOSE").orUntyped();
    private static final JwtRules IDENTITY = JwtRules.typed(ID_JAG);

    private final TrustedIssuers issuers;
    private final JwtVerifier verifier;
    private final TimeChecks times;

    public AssertionReader(TrustedIssuers issuers, JwtVerifier verifier, Clock clock) {
        this.issuers = issuers;
        this.verifier = verifier;
        this.times = new TimeChecks(clock, SKEW);
    }

    /**
     * Verifies an assertion.
     *
     * @return {@code invalid_grant} for an assertion that no trusted issuer makes now; {@code temporarily_unavailable} when the keys of
     *     the issuer cannot be fetched
     */
    public Future<Assertion> read(String text) {
        return Future.succeededFuture(text).map(UnverifiedJwt::parse).compose(this::verify).recover(failure ->
            failure instanceof JwtException refusal ? Future.failedFuture(refused(refusal.privateReason())) : Future.failedFuture(failure));
    }

    /** The refusal of every assertion that is not acceptable; which check failed is for the log. */
    public static OAuthException refused(String privateReason) {
        return new OAuthException(OAuthErrorCode.INVALID_GRANT,
            "The assertion is not one that this server takes from this client now", "assertion: " + privateReason);
    }

    private Future<Assertion> verify(UnverifiedJwt jwt) {
        TrustedIssuer issuer = issuers.find(Claims.text(jwt.claims(), "iss"))
            .orElseThrow(() -> new JwtException("an issuer that is not trusted"));
        boolean aboutPerson = isIdentity(jwt);
        JwtRules rules = (aboutPerson ? IDENTITY : PLAIN).by(issuer.algorithms());
        return verifier.verify(jwt, rules, issuer.keys())
            .map(verified -> verified.require(checks(issuer, aboutPerson)))
            .map(verified -> new Assertion(issuer.options(), aboutPerson, verified.claims(), digest(jwt)))
            .recover(failure -> Future.failedFuture(withoutKeys(issuer, failure)));
    }

    private static boolean isIdentity(UnverifiedJwt jwt) {
        String typ = Claims.optionalText(jwt.header(), "typ");
        return typ != null && typ.toLowerCase(Locale.ROOT).replaceFirst("^application/", "").equals(ID_JAG);
    }

    private ClaimCheck checks(TrustedIssuer issuer, boolean aboutPerson) {
        ClaimCheck always = ClaimCheck.issuer(issuer.options().issuer()).and(ClaimCheck.present("sub")).and(times.valid())
            .and(times.expiresWithin(Duration.ofSeconds(issuer.options().maximumLifetimeSeconds())))
            .and(claims -> require(issuer.options().claims().meets(claims), "other claims than the issuer's must be"));
        return aboutPerson ? always.and(ClaimCheck.present("jti", "client_id"))
            .and(claims -> require(claims.containsKey("iat"), "no iat")) : always;
    }

    private static void require(boolean met, String reason) {
        if (!met) {
            throw new JwtException(reason);
        }
    }

    /** A signature has more than one text, what is signed has not. */
    private static String digest(UnverifiedJwt jwt) {
        return SecretToken.hash(jwt.text().substring(0, jwt.text().lastIndexOf('.')));
    }

    /** An unreachable issuer on this machine is the client's mistake; an unreachable configured issuer is not. */
    private static Throwable withoutKeys(TrustedIssuer issuer, Throwable failure) {
        if (!(failure instanceof KeysUnavailableException)) {
            return failure;
        }
        return issuer.known()
            ? new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The issuer of the assertion cannot be asked for its keys now",
                failure.getMessage())
            : refused("no keys of an issuer on this machine");
    }

    /**
     * The statement of a trusted issuer. Only its signature, issuer and times have been checked.
     *
     * @param issuer who says it
     * @param aboutPerson whether it is an ID-JAG, and not what a workload says of itself
     * @param claims the JWT claims set
     * @param digest the same for every text with these claims, and for no other
     */
    record Assertion(TrustedIssuerOptions issuer, boolean aboutPerson, JsonObject claims, String digest) {

        @Override
        public String toString() {
            return "Assertion[" + issuer.issuer() + "]";
        }
    }
}
