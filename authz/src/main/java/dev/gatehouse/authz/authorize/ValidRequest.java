package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;

/** An authorization request that passed every check, with what the checks found out. */
public record ValidRequest(Client client, ValidatedRedirect redirect, AuthorizationRequest request, Prompting prompting) {

    /** Where its answer goes. */
    public Reply reply() {
        return new Reply(client.id(), redirect, request.state(), request.responseMode());
    }
}
