package dev.gatehouse.authz.registration;

import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** The members of a client's description, read with their types; null and absent are the same (RFC 7591 §3.2.1). */
final class Members {

    private static final int LONGEST = 2_000;
    private static final int MOST = 50;

    private final JsonObject sent;

    Members(JsonObject sent) {
        this.sent = sent;
    }

    /** A member as it came, or null. */
    Object value(String name) {
        return sent.getValue(name);
    }

    String text(String name) {
        return text(name, LONGEST);
    }

    /** A text without control characters, or null when it is absent or empty. */
    String text(String name, int longest) {
        Object value = sent.getValue(name);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String text) || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw invalid(name, "is not a text of at most " + longest + " characters");
        }
        return text.isBlank() ? null : text;
    }

    /** A list of texts; the other value when it is absent. */
    List<String> textsOr(String name, List<String> absent) {
        Object value = sent.getValue(name);
        if (value == null) {
            return absent;
        }
        if (!(value instanceof JsonArray array) || array.size() > MOST
            || !array.stream().allMatch(each -> each instanceof String text && text.length() <= LONGEST)) {
            throw invalid(name, "is not a list of texts");
        }
        return array.stream().map(String.class::cast).toList();
    }

    Boolean flag(String name) {
        Object value = sent.getValue(name);
        if (value != null && !(value instanceof Boolean)) {
            throw invalid(name, "is neither true nor false");
        }
        return (Boolean) value;
    }

    /** The refusal of a member. The reason is of this server's own words, and echoes nothing that was sent. */
    static OAuthException invalid(String name, String reason) {
        return new OAuthException(OAuthErrorCode.INVALID_CLIENT_METADATA, name + " " + reason);
    }
}
