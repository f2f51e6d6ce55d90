package dev.gatehouse.authz.authorize;

import io.vertx.core.json.JsonObject;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Forms of authorization requests and their answers that few clients need.
 *
 * @param formPost whether answers may be posted (OAuth 2.0 Form Post Response Mode)
 * @param signedResponses whether answers may be signed (JARM)
 * @param requestObjects whether requests may be signed (RFC 9101)
 */
public record AuthorizationOptions(boolean formPost, boolean signedResponses, boolean requestObjects) {

    public static AuthorizationOptions of(JsonObject json) {
        return new AuthorizationOptions(json.getBoolean("formPost", false), json.getBoolean("signedResponses", false),
            json.getBoolean("requestObjects", false));
    }

    /** The response modes that are on. */
    public Set<ResponseMode> modes() {
        return Arrays.stream(ResponseMode.values()).filter(mode -> (formPost || !mode.isPosted()) && (signedResponses || !mode.isSigned()))
            .collect(Collectors.toUnmodifiableSet());
    }
}
