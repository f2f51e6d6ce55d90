package dev.gatehouse.mcp.bearer;

import dev.gatehouse.mcp.bearer.PresentedToken.AuthScheme;
import dev.gatehouse.shared.dpop.DpopVerifier;

import java.util.Collection;

/** Writes values of {@code WWW-Authenticate} (RFC 6750 §3, RFC 9449 §7.1, RFC 9728 §5.1). */
final class Challenge {

    private Challenge() {
    }

    /** For a request without credentials: nothing went wrong yet, so there is no {@code error}. */
    static String plain(AuthScheme scheme, String metadataUrl, Collection<String> scopes) {
        return scheme.wireName() + " " + where(scheme, metadataUrl, scopes);
    }

    /**
     * For a request that was refused.
     *
     * @param error       a code of RFC 6750 §3.1 or RFC 9449 §7.1
     * @param description printable ASCII without quotes and backslashes; nothing that the request brought along
     */
    static String error(AuthScheme scheme, String error, String description, String metadataUrl, Collection<String> scopes) {
        return scheme.wireName() + " error=\"" + error + "\", error_description=\"" + description + "\", "
            + where(scheme, metadataUrl, scopes);
    }

    private static String where(AuthScheme scheme, String metadataUrl, Collection<String> scopes) {
        String algorithms = scheme == AuthScheme.DPOP ? ", algs=\"" + String.join(" ", DpopVerifier.algorithms()) + "\"" : "";
        // RFC 6750 §3: the attribute is a list of scopes, so there is none where no scope is needed.
        String needed = scopes.isEmpty() ? "" : ", scope=\"" + String.join(" ", scopes) + "\"";
        return "resource_metadata=\"" + metadataUrl + "\"" + needed + algorithms;
    }
}
