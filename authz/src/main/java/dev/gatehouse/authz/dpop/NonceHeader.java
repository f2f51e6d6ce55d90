package dev.gatehouse.authz.dpop;

import dev.gatehouse.shared.dpop.DpopNonces;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;

import java.util.function.Supplier;

/** Tells those who prove possession the nonce for their next proof (RFC 9449 §8, §8.2). */
public final class NonceHeader {

    private NonceHeader() {
    }

    /** The outcome of checking a proof, with the nonce put beside it in the answer where one is due. */
    public static <T> Future<T> beside(HttpServerResponse response, DpopProofs proofs, Supplier<Future<T>> check) {
        if (proofs.tellsNonces()) {
            response.putHeader(DpopNonces.HEADER, proofs.nonce());
        }
        return check.get().onFailure(failure -> {
            if (failure instanceof OAuthException refusal && refusal.code() == OAuthErrorCode.USE_DPOP_NONCE) {
                response.putHeader(DpopNonces.HEADER, proofs.nonce());
            }
        });
    }
}
