package dev.gatehouse.authz.authorize;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a request says about asking the person (OpenID Connect Core §3.1.2.1).
 *
 * @param silent whether no page may be shown
 * @param login whether the password has to be given again; choosing an account is just that here
 * @param consent whether a remembered consent does not do
 * @param maximumAgeSeconds how long ago the login may be; null for no such limit
 */
public record Prompting(boolean silent, boolean login, boolean consent, Long maximumAgeSeconds) {

    private static final Set<String> KNOWN = Set.of("none", "login", "consent", "select_account");

    /**
     * @param prompt the parameter {@code prompt}, or null
     * @param maximumAge the parameter {@code max_age}, or null
     * @throws OAuthException {@code invalid_request} on an unknown prompt, {@code none} beside another, or no whole number
     */
    static Prompting parse(String prompt, String maximumAge) {
        Set<String> prompts = new HashSet<>(prompt == null ? List.of() : List.of(prompt.split(" ")));
        prompts.removeIf(String::isEmpty);
        if (!KNOWN.containsAll(prompts) || prompts.contains("none") && prompts.size() > 1) {
            throw new OAuthException(OAuthErrorCode.INVALID_REQUEST,
                "The prompt parameter is none alone, or any of login, consent and select_account");
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

    /** Whether a login of this time does not do. Both in epoch milliseconds. */
    public boolean asksLogin(long authenticatedAt, long now) {
        return login || maximumAgeSeconds != null && now - authenticatedAt >= maximumAgeSeconds * 1000;
    }
}
