package dev.gatehouse.authz.authorize;

import io.vertx.core.json.JsonObject;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Optional features of authorization requests and responses.
 *
 * @param formPost whether the response mode {@code form_post} is enabled (OAuth 2.0 Form Post Response Mode)
 * @param signedResponses whether signed responses are enabled (JARM)
 * @param requestObjects whether signed requests are enabled (RFC 9101)
 */
public record AuthorizationOptions(boolean formPost, boolean signedResponses, boolean requestObjects) {

    public static AuthorizationOptions of(JsonObject json) {
        return new AuthorizationOptions(json.getBoolean("formPost", false), json.getBoolean("signedResponses", false),
            json.getBoolean("requestObjects", false));
    }

    /** The enabled response modes. */
    public Set<ResponseMode> modes() {
        return Arrays.stream(ResponseMode.values()).filter(mode -> (formPost || !mode.isPosted()) && (signedResponses || !mode.isSigned()))
            .collect(Collectors.toUnmodifiableSet());
    }
}
