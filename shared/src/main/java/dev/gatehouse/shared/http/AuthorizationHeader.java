package dev.gatehouse.shared.http;

/**
 * The value of one {@code Authorization} field (RFC 9110 §11.6.2). The caller decides how many fields a request may have.
 *
 * @param credentials without surrounding blanks; empty for a scheme alone
 */
public record AuthorizationHeader(String scheme, String credentials) {

    public static AuthorizationHeader parse(String field) {
        int end = field.indexOf(' ');
        return end < 0 ? new AuthorizationHeader(field, "") : new AuthorizationHeader(field.substring(0, end), field.substring(end).strip());
    }

    /** Compares the scheme, in upper or lower case. */
    public boolean is(String name) {
        return scheme.equalsIgnoreCase(name);
    }

    /** Keeps the credentials out of logs. */
    @Override
    public String toString() {
        return "AuthorizationHeader[" + scheme + "]";
    }
}
