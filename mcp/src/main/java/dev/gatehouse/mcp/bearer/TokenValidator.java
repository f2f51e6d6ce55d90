package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.mcp.transport.RequestSecurity.Validity;
import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.AuthenticationProvider;
import io.vertx.ext.auth.authentication.Credentials;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.oauth2.authorization.ScopeAuthorization;
import io.vertx.ext.web.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.function.UnaryOperator;

/**
 * Validates bearer tokens for this server, by introspection or with the authorization server's keys, through a cache that the instances of a
 * Vert.x share. A future fails with {@link InvalidTokenException}, or with {@link AuthServerUnavailableException} when the token cannot be
 * validated now.
 */
public final class TokenValidator implements AuthenticationProvider {

    private static final Logger LOG = LoggerFactory.getLogger(TokenValidator.class);
    private static final ScopeAuthorization SCOPES = ScopeAuthorization.create();
    /** Beyond this the authorization server is not keeping up, and more questions would only wait. */
    private static final int MAXIMUM_QUESTIONS = 2_000;
    /** An authorization server that has answered anything so lately is busy, and not away. */
    private static final long SILENT_MILLIS = 10_000;

    private final Vertx vertx;
    private final IntrospectionOptions options;
    private final Clock clock;
    private final Introspector introspector;
    private final LocalJwts localJwts;
    private final ClaimsCheck check;
    private final TokenCache cache;
    /** So that an outage is logged once and not once for each request. */
    private volatile boolean unavailable;

    /**
     * Creates a validator that introspects every token.
     *
     * @param vertx the Vert.x instance
     * @param resource the protected resource
     * @param options the authorization server and the credentials at it
     * @param clock tells the current time
     */
    public TokenValidator(Vertx vertx, ProtectedResource resource, IntrospectionOptions options, Clock clock) {
        this(vertx, resource, options, LocalJwtOptions.OFF, null, clock);
    }

    /**
     * Creates a validator.
     *
     * @param vertx the Vert.x instance
     * @param resource the protected resource
     * @param options the authorization server and the credentials at it
     * @param local the limits of the validation of JWTs
     * @param trust authorities that may certify the authorization server; null for the platform's
     * @param clock tells the current time
     */
    public TokenValidator(Vertx vertx, ProtectedResource resource, IntrospectionOptions options, LocalJwtOptions local,
                          TrustOptions trust, Clock clock) {
        this.vertx = vertx;
        this.options = options;
        this.clock = clock;
        this.introspector = new Introspector(vertx, options, local.enabled(), trust, clock);
        this.localJwts = new LocalJwts(vertx, introspector.directory(), local, clock);
        this.check = new ClaimsCheck(resource);
        this.cache = TokenCache.shared(vertx, resource, options, local, clock);
    }

    /** {@return the issuer identifier as the authorization server writes it; as configured until that is known} */
    public String issuer() {
        return introspector.directory().issuer();
    }

    /**
     * Mounts the paths that lead clients of revision 2025-03-26 from this server's origin to the authorization server.
     *
     * @param router the router
     */
    public void mountOriginDiscovery(Router router) {
        new OriginDiscovery(introspector.directory()).mount(router);
    }

    /** @param credentials {@link TokenCredentials} */
    @Override
    public Future<User> authenticate(Credentials credentials) {
        if (credentials instanceof TokenCredentials token && token.getToken() != null) {
            return verify(token.getToken()).map(VerifiedToken::user);
        }
        return Future.failedFuture(new InvalidTokenException("An access token is needed"));
    }

    /**
     * Verifies a bearer token. A token that is bound to a key or a certificate is rejected, because there is no proof.
     *
     * @param token the token
     * @return the claims; fails with {@link InvalidTokenException} or {@link AuthServerUnavailableException}
     */
    public Future<VerifiedToken> verify(String token) {
        return find(token, SecretToken::hash).map(verified -> {
            if (verified.keyThumbprint() != null) {
                throw new InvalidTokenException("The access token is bound to a key and cannot be used as a bearer token");
            }
            return requireNoCertificate(verified);
        });
    }

    /**
     * Verifies a token of this process itself, which may be bound to a key that this process has.
     *
     * @param token the access token
     * @param keyThumbprint of the key (RFC 7638), or null for none
     * @return fails with {@link InvalidTokenException} if the token is not valid, or is bound to another key
     */
    public Future<VerifiedToken> verifyOwn(String token, String keyThumbprint) {
        return find(token, SecretToken::hash).map(verified -> {
            if (verified.keyThumbprint() != null && !verified.keyThumbprint().equals(keyThumbprint)) {
                throw new InvalidTokenException("The access token is bound to another key");
            }
            return requireNoCertificate(verified);
        });
    }

    private static VerifiedToken requireNoCertificate(VerifiedToken verified) {
        if (verified.certificateThumbprint() != null) {
            throw new InvalidTokenException("The access token is bound to a certificate, and there is no TLS connection");
        }
        return verified;
    }

    /**
     * Validates a token, which may be bound to a key. If the cache has a fresh entry, the future is complete already.
     *
     * @param hash returns the hash of a well-formed token
     */
    Future<VerifiedToken> find(String token, UnaryOperator<String> hash) {
        if (!TokenSyntax.isToken(token)) {
            return Future.failedFuture(new InvalidTokenException("The access token is malformed"));
        }
        String key = hash.apply(token);
        VerifiedToken known = cache.find(key);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        InvalidTokenException refusal = cache.findRefusal(key);
        return refusal == null ? ask(key, token) : Future.failedFuture(refusal);
    }

    /**
     * Validates a token of an open stream again, unless that has just been done. These requests have their own connections, so they neither
     * wait for other requests nor delay them.
     *
     * @param token the token
     * @return fails with {@link AuthServerUnavailableException} if the authorization server no longer responds at all
     */
    public Future<Validity> revalidate(String token) {
        String key = SecretToken.hash(token);
        VerifiedToken known = cache.find(key);
        if (known != null && clock.millis() - known.askedAt() < options.revalidateSeconds() * 500L) {
            return Future.succeededFuture(Validity.GOOD);
        }
        return ask(key, token, true).map(Validity.GOOD).recover(failure -> failure instanceof InvalidTokenException
            ? Future.succeededFuture(Validity.ENDED)
            : clock.millis() - cache.answeredAt() < SILENT_MILLIS ? Future.succeededFuture(Validity.NOT_ASKED) : Future.failedFuture(failure));
    }

    private Future<VerifiedToken> ask(String key, String token) {
        return cache.questions().size() < MAXIMUM_QUESTIONS ? ask(key, token, false)
            : Future.failedFuture(new AuthServerUnavailableException("Too many tokens wait to be verified", 1));
    }

    /** Asks once, however many want to know at the same time. */
    private Future<VerifiedToken> ask(String key, String token, boolean idle) {
        Promise<VerifiedToken> answer = Promise.promise();
        Future<VerifiedToken> underWay = cache.questions().putIfAbsent(key, answer.future());
        if (underWay != null) {
            // Asked by another verticle instance perhaps, and not to be answered on its event loop.
            return CallerContext.bring(vertx, underWay);
        }
        Future.succeededFuture(token).compose(text -> claimsOf(text, idle)).map(this::accept).onComplete(outcome -> {
            remember(key, outcome.result(), outcome.cause());
            cache.questions().remove(key);
            answer.handle(outcome);
        });
        return CallerContext.bring(vertx, answer.future());
    }

    private Future<Introspector.Answer> claimsOf(String token, boolean idle) {
        return localJwts.takes(token) ? localJwts.verify(token) : introspector.introspect(token, idle);
    }

    private VerifiedToken accept(Introspector.Answer introspection) {
        long now = clock.millis();
        Principal principal = check.accept(introspection, now / 1000);
        User user = User.create(new JsonObject().put("sub", principal.subject()).put("scope", String.join(" ", principal.scopes())),
            principal.claims());
        SCOPES.getAuthorizations(user);
        long freshUntil = Math.min(now + options.cacheSeconds() * 1000L, principal.expiresAt() * 1000);
        return new VerifiedToken(user, principal, now, freshUntil);
    }

    private void remember(String key, VerifiedToken good, Throwable failure) {
        if (good != null || failure instanceof InvalidTokenException) {
            cache.answered();
        }
        if (good != null) {
            cache.accept(key, good);
        } else if (failure instanceof InvalidTokenException refusal) {
            cache.refuse(key, refusal);
        } else if (!unavailable) {
            LOG.warn("Tokens cannot be verified now: {}", failure.getMessage());
        }
        unavailable = good == null && !(failure instanceof InvalidTokenException);
    }

    /**
     * Fetches the keys where JWTs are validated, and introspects a token that does not exist where this server introspects.
     *
     * @return fails if a real token could not be validated now
     */
    public Future<Void> probe() {
        Future<Void> keys = localJwts.isOn() ? localJwts.probe() : Future.succeededFuture();
        return localJwts.isOn() && options.clientId() == null ? keys : keys.compose(fetched -> introspector.introspect(SecretToken.generate("gha_"), true).mapEmpty());
    }

    /** Fetches the metadata of the authorization server in advance, so that the first request does not wait. That request reports a failure. */
    public void warmUp() {
        introspector.lookUp();
    }

    /** Closes the connections to the authorization server. What is known of tokens stays for the other instances. */
    public void close() {
        introspector.close();
    }

    /** The form of a bearer token, {@code b64token} of RFC 6750 §2.1. What has not this form is refused without asking anybody. */
    static final class TokenSyntax {

        private static final int LONGEST = 8_192;

        private TokenSyntax() {
        }

        static boolean isToken(String text) {
            int end = text.length();
            while (end > 0 && text.charAt(end - 1) == '=') {
                end--;
            }
            if (end == 0 || text.length() > LONGEST) {
                return false;
            }
            for (int i = 0; i < end; i++) {
                if (!isTokenCharacter(text.charAt(i))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isTokenCharacter(char c) {
            return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
                || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/';
        }
    }
}
