package dev.gatehouse.authz.token;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.http.FormCall;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Finds out what a token request proves to hold besides its client's credentials, so that tokens can be bound to it. */
public interface SenderConstraint {

    /** What was proved; null when the request tries no proof of this kind; or the error of a proof that is wrong. */
    Future<Confirmation> check(FormCall call, Client client);

    /** Adds what metadata tells of this kind of proof. */
    default void describe(JsonObject metadata) {
    }
}
