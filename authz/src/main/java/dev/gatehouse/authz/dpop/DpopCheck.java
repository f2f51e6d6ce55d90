package dev.gatehouse.authz.dpop;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.authz.token.Confirmation;
import dev.gatehouse.authz.token.SenderConstraint;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** Reads the proof of possession that a request brings in its {@code DPoP} header (RFC 9449 §5). */
public final class DpopCheck implements SenderConstraint {

    private final DpopProofs proofs;

    public DpopCheck(DpopProofs proofs) {
        this.proofs = proofs;
    }

    /** Also refuses the client that has to prove possession and does not. */
    @Override
    public Future<Confirmation> check(FormCall call, Client client) {
        if (!isTried(call) && isRequired(client)) {
            return Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF,
                "This client has to send a DPoP proof", "the client's tokens have to be bound to a key"));
        }
        return thumbprint(call).map(found -> found == null ? null : Confirmation.ofKey(found));
    }

    /** The thumbprint of the key that a request proves; null when it tries no proof. */
    public Future<String> thumbprint(FormCall call) {
        if (!isTried(call)) {
            return Future.succeededFuture();
        }
        List<String> fields = call.headers().getAll(DpopVerifier.HEADER);
        return NonceHeader.beside(call.context().response(), proofs, () -> proofs.take(fields, ProofTarget.post(call.endpoint())));
    }

    private static boolean isTried(FormCall call) {
        return call.headers().contains(DpopVerifier.HEADER);
    }

    private static boolean isRequired(Client client) {
        return client.policy().requireDpop() || client.metadata().isTrue("dpop_bound_access_tokens");
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("dpop_signing_alg_values_supported", new JsonArray(DpopVerifier.algorithms()));
    }
}
