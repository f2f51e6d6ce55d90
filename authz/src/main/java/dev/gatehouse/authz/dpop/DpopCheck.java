package dev.gatehouse.authz.dpop;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.http.FormCall;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** Checks the proof of possession in the {@code DPoP} header of a request to this server (RFC 9449 §5). */
public final class DpopCheck {

    private final DpopProofs proofs;

    public DpopCheck(DpopProofs proofs) {
        this.proofs = proofs;
    }

    /** Checks the proof of a token request. Fails if the client must send a proof and sends none. @return the thumbprint of the key, or null */
    public Future<String> requiredThumbprint(FormCall call, Client client) {
        if (!isTried(call) && isRequired(client)) {
            return Future.failedFuture(new OAuthException(OAuthErrorCode.INVALID_DPOP_PROOF,
                "This client has to send a DPoP proof", "the client's tokens have to be bound to a key"));
        }
        return thumbprint(call);
    }

    /** Returns the thumbprint of the proven key; null without a proof. */
    public Future<String> thumbprint(FormCall call) {
        if (!isTried(call)) {
            return Future.succeededFuture();
        }
        List<String> fields = call.headers().getAll(DpopVerifier.HEADER);
        return proofs.withNonce(call.context().response(), () -> proofs.take(fields, ProofTarget.post(call.endpoint())));
    }

    private static boolean isTried(FormCall call) {
        return call.headers().contains(DpopVerifier.HEADER);
    }

    private static boolean isRequired(Client client) {
        return client.policy().requireDpop() || client.metadata().isTrue("dpop_bound_access_tokens");
    }

    /** Adds the algorithms of proofs to the metadata (RFC 9449 §5.1). */
    public void describe(JsonObject metadata) {
        metadata.put("dpop_signing_alg_values_supported", new JsonArray(DpopVerifier.algorithms()));
    }
}
