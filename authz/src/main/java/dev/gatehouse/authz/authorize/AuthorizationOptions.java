package dev.gatehouse.authz.authorize;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rarely needed forms of authorization requests and responses.
 *
 * @param formPost whether a form may post responses (OAuth 2.0 Form Post Response Mode)
 * @param signedResponses whether responses may be signed (JARM)
 * @param requestObjects whether requests may be signed (RFC 9101)
 */
public record AuthorizationOptions(boolean formPost, boolean signedResponses, boolean requestObjects) {

    /** The response modes that this server supports. */
    public Set<ResponseMode> modes() {
        return Arrays.stream(ResponseMode.values()).filter(mode -> (formPost || !mode.isPosted()) && (signedResponses || !mode.isSigned()))
            .collect(Collectors.toUnmodifiableSet());
    }
}
