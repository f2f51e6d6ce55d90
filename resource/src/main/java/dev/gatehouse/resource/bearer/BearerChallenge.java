package dev.gatehouse.resource.bearer;

import java.util.Collection;

/** Writes the value of {@code WWW-Authenticate} (RFC 6750 §3, RFC 9728 §5.1). */
final class BearerChallenge {

    private BearerChallenge() {
    }

    /** For a request without credentials: nothing went wrong yet, so there is no {@code error}. */
    static String plain(String metadataUrl, Collection<String> scopes) {
        return "Bearer resource_metadata=\"" + metadataUrl + "\", scope=\"" + String.join(" ", scopes) + "\"";
    }

    /**
     * For a request that was refused.
     *
     * @param error       a code of RFC 6750 §3.1
     * @param description printable ASCII without quotes and backslashes; nothing that the request brought along
     */
    static String error(String error, String description, String metadataUrl, Collection<String> scopes) {
        return plain(metadataUrl, scopes).replaceFirst("^Bearer ",
            "Bearer error=\"" + error + "\", error_description=\"" + description + "\", ");
    }
}
