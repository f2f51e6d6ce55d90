package dev.gatehouse.shared.http;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.ext.web.RoutingContext;

/** The hash of the access token of a request, by which caches know the token. It is computed once for each request. */
public final class TokenHash {

    private static final String KEY = TokenHash.class.getName();

    private TokenHash() {
    }

    /**
     * {@return the hash of the token}
     *
     * @param context the context of the request
     * @param token the access token of the request
     */
    public static String of(RoutingContext context, String token) {
        String hash = context.get(KEY);
        if (hash == null) {
            hash = SecretToken.hash(token);
            context.put(KEY, hash);
        }
        return hash;
    }
}
