package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The claims about a user that the scopes of an access token allow (OpenID Connect Core §5.4). */
public final class UserInfo {

    /** The claims of ID tokens and userinfo, without the configured ones. */
    private static final List<String> CLAIMS = List.of("iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash",
        "acr", "amr", "name", "preferred_username", "updated_at", "email", "email_verified");

    /** The claims and the client that receives them. */
    public record Told(String clientId, JsonObject claims) {
    }

    private final UserStore users;
    private final String audience;
    private final List<String> supported;

    /** @param audience the required audience of access tokens; @param released the configured claims of ID tokens */
    public UserInfo(UserStore users, String audience, List<String> released) {
        this.users = users;
        this.audience = audience;
        this.supported = Stream.concat(CLAIMS.stream(), released.stream()).distinct().toList();
    }

    /** All supported claims of ID tokens and userinfo. */
    List<String> supported() {
        return supported;
    }

    /** Returns the claims for an access token. Fails with {@code insufficient_scope} without {@code openid}. */
    public Future<Told> of(AccessToken token) {
        return claims(token).map(claims -> new Told(token.clientId(), claims));
    }

    private Future<JsonObject> claims(AccessToken token) {
        if (!token.scopes().contains(ScopeOptions.OPENID)) {
            throw new OAuthException(OAuthErrorCode.INSUFFICIENT_SCOPE, "The access token does not have the scope openid");
        }
        if (!isForUserInfo(token)) {
            throw new OAuthException(OAuthErrorCode.INVALID_TOKEN, "The access token is for another resource. To get one for userinfo, request"
                + " only identity scopes, or the resource " + audience);
        }
        return users.findBySub(token.sub()).map(user -> claims(user, token.scopes()));
    }

    /** Otherwise a resource server could use a token that it received. It cannot use one that is bound to a key of the client. */
    private boolean isForUserInfo(AccessToken token) {
        return token.audience().equals(List.of(audience)) || token.isBoundToKey() && token.audience().contains(audience);
    }

    private static JsonObject claims(Optional<User> found, Scopes scopes) {
        User user = found.orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_TOKEN, "The access token is not valid", "access token without a user"));
        JsonObject claims = new JsonObject().put("sub", user.sub());
        if (scopes.contains("profile")) {
            putIfPresent(claims, "name", user.name());
            claims.put("preferred_username", user.username()).put("updated_at", user.createdAt() / 1000);
        }
        if (scopes.contains("email")) {
            putIfPresent(claims, "email", user.email());
            // Every address comes from the operator or from a trusted issuer that has verified it.
            putIfPresent(claims, "email_verified", user.email() == null ? null : true);
        }
        return claims;
    }

    private static void putIfPresent(JsonObject claims, String name, Object value) {
        if (value != null) {
            claims.put(name, value);
        }
    }
}
