package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.http.FormRoute;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.jose.Claims;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySource.KeysUnavailableException;
import dev.gatehouse.shared.jose.TimeChecks;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Clock;

/** Receives logout tokens of identity providers (OpenID Connect Back-Channel Logout 1.0), each at a URL of its own. */
public final class BackChannelLogoutEndpoint implements Endpoint {

    public static final String PATH = "/oauth/backchannel_logout/";

    private final IdentityProviders providers;
    private final UpstreamSessions sessions;
    private final UsedIdentifierStore used;
    private final JwtVerifier verifier;
    private final TimeChecks times;
    private final RateLimiter limiter;

    public BackChannelLogoutEndpoint(Vertx vertx, IdentityProviders providers, UpstreamSessions sessions, UsedIdentifierStore used,
                                     RateLimiter limiter, Clock clock) {
        this.providers = providers;
        this.sessions = sessions;
        this.used = used;
        this.limiter = limiter;
        verifier = new JwtVerifier(vertx);
        times = new TimeChecks(clock, IdTokenRules.SKEW);
    }

    @Override
    public void mount(Routes routes) {
        providers.names().forEach(name -> new FormRoute(routes, limiter, call -> answer(call, name)).mount(PATH + name));
    }

    private Future<Buffer> answer(FormCall call, String name) {
        IdentityProvider provider = providers.named(name).orElseThrow();
        return verify(provider, call.form().required("logout_token"))
            .compose(claims -> requireFirstUse(name, claims))
            .compose(claims -> sessions.logOut(name, Claims.optionalText(claims, "sid"), Claims.optionalText(claims, "sub")))
            .map(ended -> {
                call.origin().record("backchannel_logout", "provider", name, "grants", ended);
                return Buffer.buffer();
            }).recover(failure -> failure instanceof JwtException refusal ? Future.failedFuture(refused(refusal.privateReason()))
                : failure instanceof KeysUnavailableException || failure instanceof UpstreamException
                    ? Future.failedFuture(new OAuthException(OAuthErrorCode.TEMPORARILY_UNAVAILABLE, "The keys of the identity provider cannot be fetched"))
                    : Future.failedFuture(failure));
    }

    private Future<JsonObject> verify(IdentityProvider provider, String token) {
        if (!provider.isOpenId()) {
            return Future.failedFuture(new JwtException("a provider without logout tokens"));
        }
        return provider.metadata().compose(metadata -> verifier.verify(token, IdTokenRules.LOGOUT_TOKEN, provider.keys())
            .map(jwt -> jwt.require(IdTokenRules.logout(metadata, provider.options().clientId(), times)).claims()));
    }

    /** §2.6: the same logout token ends nothing a second time. */
    private Future<JsonObject> requireFirstUse(String name, JsonObject claims) {
        long expires = Claims.time(claims, "exp").orElseThrow() + IdTokenRules.SKEW.toMillis();
        return used.use("logout token of " + name, Claims.text(claims, "jti"), expires).map(first -> {
            if (!first) {
                throw new JwtException("used before");
            }
            return claims;
        });
    }

    private static OAuthException refused(String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The logout token is not valid", "logout token: " + reason);
    }
}
