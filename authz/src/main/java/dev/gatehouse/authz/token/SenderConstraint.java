package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.http.FormCall;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Reads the proof of possession of a token request. Tokens are bound to the proven key or certificate. */
public interface SenderConstraint {

    /** The proven confirmation; null for a request without a proof of this kind; or the error of a wrong proof. */
    Future<Confirmation> check(FormCall call, Client client);

    /** Adds what metadata tells of this kind of proof. */
    default void describe(JsonObject metadata) {
    }
}
