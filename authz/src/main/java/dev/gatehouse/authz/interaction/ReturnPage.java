package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.authorize.AuthorizationException;
import dev.gatehouse.authz.authorize.AuthorizationResponse.Delivery;
import dev.gatehouse.authz.page.FormPostPage;
import dev.gatehouse.authz.page.FormPostPage.Field;

import java.util.List;

/**
 * Stops a request of a client that nobody vouches for, before the browser is sent to an address that is only the client's
 * own word. The person may go there, seeing where it leads.
 *
 * @param detail what is wrong with the request, for the one who made the application
 * @param destination host and port of the address
 * @param address with the error for the client in it, unless a form brings it
 * @param fields of that form; empty where the address is all
 * @param requestId by which the log knows the request
 */
record ReturnPage(String title, String detail, String destination, String address, List<Field> fields, String requestId) {

    static ReturnPage of(AuthorizationException refusal, Delivery delivery, String requestId) {
        return new ReturnPage("This request cannot go on", refusal.description(), refusal.redirect().destination(), delivery.address(),
            FormPostPage.fields(delivery), requestId);
    }
}
