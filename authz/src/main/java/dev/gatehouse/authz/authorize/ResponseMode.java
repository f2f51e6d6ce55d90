package dev.gatehouse.authz.authorize;

import java.util.Arrays;
import java.util.Optional;

/** The response modes (OAuth 2.0 Form Post Response Mode; JARM §2.3). */
public enum ResponseMode {
    QUERY("query", false, false),
    FORM_POST("form_post", true, false),
    /** The default signed mode for a code: {@code query.jwt} (JARM §2.3.4). */
    JWT("jwt", false, true),
    QUERY_JWT("query.jwt", false, true),
    FORM_POST_JWT("form_post.jwt", true, true);

    private final String wireName;
    private final boolean posted;
    private final boolean signed;

    ResponseMode(String wireName, boolean posted, boolean signed) {
        this.wireName = wireName;
        this.posted = posted;
        this.signed = signed;
    }

    public String wireName() {
        return wireName;
    }

    /** Returns whether a form delivers the response. */
    public boolean isPosted() {
        return posted;
    }

    /** Returns whether the response is one signed JWT. */
    public boolean isSigned() {
        return signed;
    }

    /** The mode with this wire name. */
    public static Optional<ResponseMode> named(String wireName) {
        return Arrays.stream(values()).filter(mode -> mode.wireName.equals(wireName)).findFirst();
    }
}
