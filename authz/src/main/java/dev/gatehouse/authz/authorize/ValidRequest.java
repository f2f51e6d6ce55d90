package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;

/** An authorization request that passed all checks. */
public record ValidRequest(Client client, ValidatedRedirect redirect, AuthorizationRequest request, Prompting prompting) {

    /** The destination of its response. */
    public Reply reply() {
        return new Reply(client.id(), redirect, request.state(), request.responseMode());
    }
}
