package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationException;

/**
 * Stops a request of a client that nobody vouches for, before the browser is sent to an address that is only the client's
 * own word. The person may go there, seeing where it leads.
 *
 * @param detail what is wrong with the request, for the one who made the application
 * @param destination host and port of the address
 * @param address with the error for the client in it
 * @param requestId by which the log knows the request
 */
record ReturnPage(String title, String detail, String destination, String address, String requestId) {

    static ReturnPage of(AuthorizationException refusal, String address, String requestId) {
        return new ReturnPage("This request cannot go on", refusal.description(), refusal.redirect().destination(), address, requestId);
    }
}
