package dev.gatehouse.client.oauth;

import io.vertx.core.json.JsonObject;

import java.time.Instant;

/**
 * The tokens of one token response (RFC 6749 §5.1).
 *
 * @param type {@code Bearer} or {@code DPoP}
 * @param expiresAt null when the server does not say
 * @param refreshToken or null
 * @param scope that was granted: the requested one where the server does not say; null when neither is known
 */
public record TokenSet(String accessToken, String type, Instant expiresAt, String refreshToken, String scope) {

    /** A token is renewed this long before it expires, because requests take time. */
    private static final long MARGIN_SECONDS = 30;

    /** @throws OAuthFailure when the answer has no usable token */
    static TokenSet of(JsonObject answer, String requestedScope, Instant now) {
        String token = Members.text(answer, "access_token");
        String type = Members.text(answer, "token_type");
        boolean dpop = "dpop".equalsIgnoreCase(type);
        if (token == null || !dpop && !"bearer".equalsIgnoreCase(type)) {
            throw OAuthFailure.protocol("The authorization server's answer has no access token of the type Bearer or DPoP.");
        }
        long lifetime = Members.number(answer, "expires_in", -1);
        String scope = Members.text(answer, "scope");
        return new TokenSet(token, dpop ? "DPoP" : "Bearer", lifetime < 0 ? null : now.plusSeconds(lifetime),
            Members.text(answer, "refresh_token"), scope == null ? requestedScope : scope);
    }

    /** The same with another's refresh token where this has none: servers that do not rotate send none at a refresh (RFC 6749 §6). */
    TokenSet keeping(TokenSet previous) {
        return refreshToken != null ? this : new TokenSet(accessToken, type, expiresAt, previous.refreshToken, scope);
    }

    public boolean isDpop() {
        return type.equals("DPoP");
    }

    public boolean isUsableAt(Instant now) {
        return expiresAt == null || now.plusSeconds(MARGIN_SECONDS).isBefore(expiresAt);
    }

    /** Returns true when the token has not expired, though it may have to be renewed soon. */
    boolean isLiveAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }

    @Override
    public String toString() {
        return "TokenSet[" + type + ", " + scope + ", until " + expiresAt + "]";
    }
}
