package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.authorize.AuthorizationResponse.Reply;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.shared.oauth.OAuthErrorCode;

/**
 * An error of an authorization request that is reported to the client (RFC 6749 §4.1.2.1). It exists only after the redirect URI
 * is validated; an earlier error is an {@link dev.gatehouse.shared.oauth.OAuthException} and is shown to the user. It has no stack
 * trace.
 */
public final class AuthorizationException extends RuntimeException {

    private final OAuthErrorCode code;
    private final String description;
    private final transient Reply reply;

    public AuthorizationException(OAuthErrorCode code, String description, Reply reply) {
        super(code.wireName() + ": " + description, null, false, false);
        this.code = code;
        this.description = description;
        this.reply = reply;
    }

    public OAuthErrorCode code() {
        return code;
    }

    public String description() {
        return description;
    }

    public Reply reply() {
        return reply;
    }

    public ValidatedRedirect redirect() {
        return reply.redirect();
    }
}
