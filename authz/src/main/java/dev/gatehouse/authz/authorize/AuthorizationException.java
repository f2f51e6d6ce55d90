package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;

/**
 * An authorization request that is refused towards its client (RFC 6749 §4.1.2.1). It exists only once the redirect URI
 * is validated; what is wrong before that is an {@link OAuthException} and is shown to the person. No stack trace.
 */
public final class AuthorizationException extends RuntimeException {

    private final OAuthErrorCode code;
    private final String description;
    private final transient ValidatedRedirect redirect;
    private final String state;

    /** @param state what the request sent, or null */
    public AuthorizationException(OAuthErrorCode code, String description, ValidatedRedirect redirect, String state) {
        super(code.wireName() + ": " + description, null, false, false);
        this.code = code;
        this.description = description;
        this.redirect = redirect;
        this.state = state;
    }

    public OAuthErrorCode code() {
        return code;
    }

    public String description() {
        return description;
    }

    public ValidatedRedirect redirect() {
        return redirect;
    }

    public String state() {
        return state;
    }
}
