package dev.gatehouse.authz.token;

import io.vertx.core.Future;

import java.time.Clock;
import java.util.Optional;

/** Finds access tokens that are good at this moment, in whichever form they are presented. */
public final class LiveTokens {

    private final PresentedTokens presented;
    private final TokenIndex index;
    private final Clock clock;

    public LiveTokens(PresentedTokens presented, TokenIndex index, Clock clock) {
        this.presented = presented;
        this.index = index;
        this.clock = clock;
    }

    /** The token of a text; empty for a token of another server, or one that is expired or revoked. */
    public Future<Optional<AccessToken>> find(String text) {
        return presented.hashOf(text)
            .compose(hash -> hash == null ? Future.succeededFuture((IndexedToken) null) : index.find(hash))
            .map(found -> Optional.ofNullable(found).map(IndexedToken::token)
                .filter(token -> token.expiresAt() > clock.millis()));
    }
}
