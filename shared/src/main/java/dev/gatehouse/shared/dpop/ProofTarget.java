package dev.gatehouse.shared.dpop;

import java.util.List;

/**
 * What a proof has to be made for.
 *
 * @param method of the request
 * @param urls of the request as the server knows itself, from its configuration and never from what the request says; one
 *     of them, where it may be called by several
 * @param accessToken the text of the token that the request is made with; null at an endpoint that takes none
 */
public record ProofTarget(String method, List<String> urls, String accessToken) {

    /** A POST without an access token: of an endpoint of the authorization server. */
    public static ProofTarget post(String url) {
        return new ProofTarget("POST", List.of(url), null);
    }

    @Override
    public String toString() {
        return "ProofTarget[" + method + " " + urls + "]";
    }
}
