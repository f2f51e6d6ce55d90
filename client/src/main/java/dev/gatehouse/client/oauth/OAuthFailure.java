package dev.gatehouse.client.oauth;

import dev.gatehouse.shared.oauth.OAuthErrorCode;

import java.util.Set;

/** An authorization that did not succeed. The message is for the user: it says what happened, and holds no secret. No stack trace. */
public final class OAuthFailure extends RuntimeException {

    /** Kinds of failure that callers treat differently. */
    public enum Kind {
        /** A document or answer breaks a rule of the protocol, or names something that is not to be used. */
        PROTOCOL,
        /** The authorization server or the user refused. */
        REFUSED,
        /** A person has to act, and there is none. */
        INTERACTION_REQUIRED,
        /** The person did not finish the sign-in in time, or the answer was lost. */
        NO_ANSWER
    }

    private static final Set<String> ENDS_CREDENTIAL = Set.of(OAuthErrorCode.INVALID_GRANT.wireName(), OAuthErrorCode.INVALID_CLIENT.wireName(),
        OAuthErrorCode.UNAUTHORIZED_CLIENT.wireName());

    private final Kind kind;
    private final String error;

    public OAuthFailure(Kind kind, String message) {
        this(kind, message, null);
    }

    /** @param error the {@code error} code of the server, or null */
    public OAuthFailure(Kind kind, String message, String error) {
        super(message, null, false, false);
        this.kind = kind;
        this.error = error;
    }

    static OAuthFailure protocol(String message) {
        return new OAuthFailure(Kind.PROTOCOL, message);
    }

    /** Returns true when the server says that a refresh token or its client is not valid, or there is none. An outage says nothing of the kind. */
    public boolean endsCredential() {
        return kind == Kind.INTERACTION_REQUIRED || ENDS_CREDENTIAL.contains(error());
    }

    public Kind kind() {
        return kind;
    }

    /** The {@code error} code that the server answered with; empty when it was none. */
    public String error() {
        return error == null ? "" : error;
    }
}
