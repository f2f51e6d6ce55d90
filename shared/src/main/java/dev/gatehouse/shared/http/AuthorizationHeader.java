package dev.gatehouse.shared.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;

/**
 * The value of one {@code Authorization} field (RFC 9110 §11.6.2). The caller decides how many fields a request may have.
 *
 * @param scheme the authentication scheme, as sent
 * @param credentials without surrounding blanks; empty for a scheme alone
 */
public record AuthorizationHeader(String scheme, String credentials) {

    /**
     * Splits the value of a field into its scheme and its credentials.
     *
     * @param field the value of the field
     * @return the scheme and the credentials
     */
    public static AuthorizationHeader parse(String field) {
        int end = field.indexOf(' ');
        return end < 0 ? new AuthorizationHeader(field, "") : new AuthorizationHeader(field.substring(0, end), field.substring(end).strip());
    }

    /**
     * {@return the only {@code Authorization} field of a request; null if it has none, or several}
     *
     * @param request the request
     */
    public static AuthorizationHeader only(HttpServerRequest request) {
        List<String> fields = request.headers().getAll(HttpHeaders.AUTHORIZATION);
        return fields.size() == 1 ? parse(fields.get(0)) : null;
    }

    /**
     * {@return whether the scheme has this name} Case does not matter.
     *
     * @param name the name of a scheme
     */
    public boolean is(String name) {
        return scheme.equalsIgnoreCase(name);
    }

    /** Keeps the credentials out of logs. */
    @Override
    public String toString() {
        return "AuthorizationHeader[" + scheme + "]";
    }
}
