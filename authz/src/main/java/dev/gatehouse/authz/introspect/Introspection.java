package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.IntrospectionDocument;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenIndex.IndexedToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** Introspects access tokens (RFC 7662) for their clients and resource servers. */
public final class Introspection {

    private static final Future<Buffer> INACTIVE = Future.succeededFuture(IntrospectionDocument.INACTIVE);

    private final PresentedTokens presented;

    public Introspection(PresentedTokens presented) {
        this.presented = presented;
    }

    /**
     * Introspects a token.
     *
     * @param caller gets the whole document of tokens for the resources that it serves, and the part that the scopes allow of its own
     *     tokens; null for the whole document of every token
     * @return the JSON response; the same bytes for every token that is inactive or that the caller may not see (§4)
     */
    public Future<Buffer> answer(String token, Client caller) {
        if (!PresentedTokens.mayBe(token)) {
            return INACTIVE;
        }
        return presented.findActive(token).map(found -> found == null ? IntrospectionDocument.INACTIVE : answer(found, caller));
    }

    private static Buffer answer(IndexedToken found, Client caller) {
        AccessToken token = found.token();
        if (caller == null || caller.serves(token.audience())) {
            return found.document();
        }
        return token.clientId().equals(caller.id()) ? IntrospectionDocument.forClient(found.document(), token.scopes())
            : IntrospectionDocument.INACTIVE;
    }
}
