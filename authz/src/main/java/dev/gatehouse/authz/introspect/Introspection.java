package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.IndexedToken;
import dev.gatehouse.authz.token.IntrospectionDocument;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenIndex;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

import java.time.Clock;

/** Tells whether a token is live (RFC 7662), to those whom it concerns. */
public final class Introspection {

    private static final Future<Buffer> INACTIVE = Future.succeededFuture(IntrospectionDocument.INACTIVE);

    private final PresentedTokens presented;
    private final TokenIndex index;
    private final Clock clock;

    public Introspection(PresentedTokens presented, TokenIndex index, Clock clock) {
        this.presented = presented;
        this.index = index;
        this.clock = clock;
    }

    /**
     * Introspects a token.
     *
     * @param caller gets all about tokens for the resources that it serves, and about its own tokens what their scopes say;
     *     null for all about every token
     * @return the JSON answer; the same bytes for every token that is not live or not this caller's business (§4)
     */
    public Future<Buffer> answer(String token, Client caller) {
        if (!PresentedTokens.mayBe(token)) {
            return INACTIVE;
        }
        return presented.hashOf(token).compose(hash -> hash == null ? Future.succeededFuture() : index.find(hash))
            .map(found -> found == null || found.token().expiresAt() <= clock.millis() ? IntrospectionDocument.INACTIVE : answer(found, caller));
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
