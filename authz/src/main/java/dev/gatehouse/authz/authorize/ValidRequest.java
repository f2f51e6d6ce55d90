package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.store.AuthorizationRequest;
import dev.gatehouse.authz.store.Client;

/** An authorization request that passed every check, with what the checks found out. */
public record ValidRequest(Client client, ValidatedRedirect redirect, AuthorizationRequest request, Prompting prompting) {

    /** Where its answer goes. */
    public Reply reply() {
        return new Reply(client.id(), redirect, request.state(), request.responseMode());
    }
}
