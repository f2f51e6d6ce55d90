package dev.gatehouse.shared.oauth;

import java.util.Optional;
import java.util.stream.Stream;

/** The wire error codes, each with the HTTP status of a JSON response. */
public enum OAuthErrorCode {
    /** RFC 6749 §5.2. */
    INVALID_REQUEST("invalid_request", 400, "RFC 6749 §5.2"),
    /** {@code invalid_request} for a request that is too long (RFC 9126 §2.3), with the status of RFC 9110 §15.5.14. */
    REQUEST_TOO_LONG("invalid_request", 413, "RFC 9126 §2.3"),
    /** RFC 6749 §5.2: client authentication failed. */
    INVALID_CLIENT("invalid_client", 401, "RFC 6749 §5.2"),
    /** RFC 6749 §5.2: the code, token or assertion is not valid for this client. */
    INVALID_GRANT("invalid_grant", 400, "RFC 6749 §5.2"),
    /** RFC 6749 §5.2: the client may not use this grant. */
    UNAUTHORIZED_CLIENT("unauthorized_client", 400, "RFC 6749 §5.2"),
    /** RFC 6749 §5.2. */
    UNSUPPORTED_GRANT_TYPE("unsupported_grant_type", 400, "RFC 6749 §5.2"),
    /** RFC 6749 §5.2. */
    INVALID_SCOPE("invalid_scope", 400, "RFC 6749 §5.2"),
    /** RFC 6749 §4.1.2.1, and RFC 8628 §3.5. */
    ACCESS_DENIED("access_denied", 400, "RFC 6749 §4.1.2.1"),
    /** RFC 6749 §4.1.2.1. */
    UNSUPPORTED_RESPONSE_TYPE("unsupported_response_type", 400, "RFC 6749 §4.1.2.1"),
    /** RFC 6749 §4.1.2.1. */
    SERVER_ERROR("server_error", 500, "RFC 6749 §4.1.2.1"),
    /** RFC 6749 §4.1.2.1. */
    TEMPORARILY_UNAVAILABLE("temporarily_unavailable", 503, "RFC 6749 §4.1.2.1"),
    /** RFC 8628 §3.5: the user has not decided yet. */
    AUTHORIZATION_PENDING("authorization_pending", 400, "RFC 8628 §3.5"),
    /** RFC 8628 §3.5: the client polls too often. */
    POLLING_TOO_FAST("slow_down", 400, "RFC 8628 §3.5"),
    /** RFC 8628 §3.5: the device code has expired. */
    EXPIRED_TOKEN("expired_token", 400, "RFC 8628 §3.5"),
    /** RFC 8707 §2. */
    INVALID_TARGET("invalid_target", 400, "RFC 8707 §2"),
    /** RFC 7591 §3.2.2. */
    INVALID_REDIRECT_URI("invalid_redirect_uri", 400, "RFC 7591 §3.2.2"),
    /** RFC 7591 §3.2.2. */
    INVALID_CLIENT_METADATA("invalid_client_metadata", 400, "RFC 7591 §3.2.2"),
    /** RFC 7591 §3.2.2. */
    UNAPPROVED_SOFTWARE_STATEMENT("unapproved_software_statement", 400, "RFC 7591 §3.2.2"),
    /** RFC 7009 §2.2.1. */
    UNSUPPORTED_TOKEN_TYPE("unsupported_token_type", 400, "RFC 7009 §2.2.1"),
    /** OpenID Connect Core 1.0 §3.1.2.6. */
    LOGIN_REQUIRED("login_required", 400, "OpenID Connect Core 1.0 §3.1.2.6"),
    /** OpenID Connect Core 1.0 §3.1.2.6. */
    CONSENT_REQUIRED("consent_required", 400, "OpenID Connect Core 1.0 §3.1.2.6"),
    /** OpenID Connect Core 1.0 §3.1.2.6. */
    REQUEST_NOT_SUPPORTED("request_not_supported", 400, "OpenID Connect Core 1.0 §3.1.2.6"),
    /** OpenID Connect Core 1.0 §3.1.2.6. */
    REQUEST_URI_NOT_SUPPORTED("request_uri_not_supported", 400, "OpenID Connect Core 1.0 §3.1.2.6"),
    /** OpenID Connect Core 1.0 §3.1.2.6. */
    INVALID_REQUEST_URI("invalid_request_uri", 400, "OpenID Connect Core 1.0 §3.1.2.6"),
    /** RFC 9101 §7. */
    INVALID_REQUEST_OBJECT("invalid_request_object", 400, "RFC 9101 §7"),
    /** OpenID Connect Core Error Code unmet_authentication_requirements 1.0. */
    UNMET_AUTHENTICATION_REQUIREMENTS("unmet_authentication_requirements", 400, "OpenID Connect Core Error Code unmet_authentication_requirements 1.0"),
    /** RFC 6750 §3.1. */
    INVALID_TOKEN("invalid_token", 401, "RFC 6750 §3.1"),
    /** RFC 6750 §3.1. */
    INSUFFICIENT_SCOPE("insufficient_scope", 403, "RFC 6750 §3.1"),
    /** RFC 9449 §5, §8; a resource server sends both with 401. */
    INVALID_DPOP_PROOF("invalid_dpop_proof", 400, "RFC 9449 §5"),
    /** RFC 9449 §8. */
    USE_DPOP_NONCE("use_dpop_nonce", 400, "RFC 9449 §8"),
    /** The code that is in common use with the status of RFC 6585 §4. No RFC defines one. */
    SLOW_DOWN("slow_down", 429, "RFC 6585 §4");

    private final String wireName;
    private final int status;
    private final String clause;

    OAuthErrorCode(String wireName, int status, String clause) {
        this.wireName = wireName;
        this.status = status;
        this.clause = clause;
    }

    /**
     * {@return the clause of the specification that defines a code; empty for a code that this product does not send}
     *
     * @param wireName the value of the {@code error} member or parameter
     */
    public static Optional<String> clauseOf(String wireName) {
        return Stream.of(values()).filter(code -> code.wireName.equals(wireName)).map(code -> code.clause).findFirst();
    }

    /** {@return the value of the {@code error} member or parameter} */
    public String wireName() {
        return wireName;
    }

    /** {@return the HTTP status of a JSON response with this code} */
    public int status() {
        return status;
    }
}
