package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.authorize.AuthorizationResponse.Reply;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An authorization request that passed all checks. */
public record ValidRequest(Client client, ValidatedRedirect redirect, AuthorizationRequest request, Prompting prompting) {

    /** The destination of its response. */
    public Reply reply() {
        return new Reply(client.id(), redirect, request.state(), request.responseMode());
    }

    /**
     * The parameters {@code prompt} and {@code max_age} of a request (OpenID Connect Core §3.1.2.1).
     *
     * @param silent whether no page may be shown
     * @param login whether the user must enter the password again; {@code select_account} means the same here
     * @param consent whether the user must consent again
     * @param maximumAgeSeconds the largest age of the login; null for no limit
     */
    public record Prompting(boolean silent, boolean login, boolean consent, Long maximumAgeSeconds) {

        private static final Set<String> KNOWN = Set.of("none", "login", "consent", "select_account");

        /**
         * @param prompt the parameter {@code prompt}, or null
         * @param maximumAge the parameter {@code max_age}, or null
         * @throws OAuthException {@code invalid_request} for an unknown prompt, {@code none} with another prompt, or an invalid number
         */
        static Prompting parse(String prompt, String maximumAge) {
            Set<String> prompts = new HashSet<>(prompt == null ? List.of() : List.of(prompt.split(" ")));
            prompts.removeIf(String::isEmpty);
            if (!KNOWN.containsAll(prompts) || prompts.contains("none") && prompts.size() > 1) {
                throw new OAuthException(OAuthErrorCode.INVALID_REQUEST,
                    "The prompt parameter must be none alone, or any of login, consent and select_account");
            }
            return new Prompting(prompts.contains("none"), prompts.contains("login") || prompts.contains("select_account"),
                prompts.contains("consent"), maximumAge(maximumAge));
        }

        private static Long maximumAge(String text) {
            if (text == null) {
                return null;
            }
            if (!text.matches("[0-9]{1,10}")) {
                throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "The max_age parameter is not a number of seconds");
            }
            return Long.valueOf(text);
        }

        /** Returns whether the request needs a new login. Both times in epoch milliseconds. */
        public boolean asksLogin(long authenticatedAt, long now) {
            return login || maximumAgeSeconds != null && now - authenticatedAt >= maximumAgeSeconds * 1000;
        }
    }
}
