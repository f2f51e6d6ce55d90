package dev.gatehouse.authz.page;

import java.util.Map;

/**
 * An authorization response for the browser to deliver.
 *
 * @param address the URL for the browser
 * @param fields the form fields to post; empty if the URL contains the whole response
 */
public record Delivery(String address, Map<String, String> fields) {

    public boolean isPosted() {
        return !fields.isEmpty();
    }
}
