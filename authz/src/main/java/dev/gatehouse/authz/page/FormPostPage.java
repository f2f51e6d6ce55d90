package dev.gatehouse.authz.page;

import dev.gatehouse.authz.authorize.AuthorizationResponse.Delivery;
import dev.gatehouse.authz.client.ValidatedRedirect;

import java.util.List;

/**
 * A form that delivers the authorization response to the client (OAuth 2.0 Form Post Response Mode). A script submits it;
 * without scripts the user does.
 */
public record FormPostPage(String title, String destination, String address, List<Field> fields) {

    /** A hidden field of the form. */
    public record Field(String name, String value) {
    }

    static FormPostPage of(Delivery delivery, ValidatedRedirect redirect) {
        return new FormPostPage("Back to the application", redirect.destination(), delivery.address(), fields(delivery));
    }

    public static List<Field> fields(Delivery delivery) {
        return delivery.fields().entrySet().stream().map(each -> new Field(each.getKey(), each.getValue())).toList();
    }
}
