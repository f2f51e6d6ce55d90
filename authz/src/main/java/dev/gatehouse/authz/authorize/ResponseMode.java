package dev.gatehouse.authz.authorize;

import java.util.Arrays;
import java.util.Optional;

/** The ways in which the answer to an authorization request travels (OAuth 2.0 Form Post Response Mode; JARM §2.3). */
public enum ResponseMode {
    QUERY("query", false, false),
    FORM_POST("form_post", true, false),
    /** The signed mode that is usual for a code: {@code query.jwt} (JARM §2.3.4). */
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

    /** Whether a form brings the answer, instead of an address. */
    public boolean isPosted() {
        return posted;
    }

    /** Whether the answer is one signed JWT. */
    public boolean isSigned() {
        return signed;
    }

    /** The mode of this name. */
    public static Optional<ResponseMode> named(String wireName) {
        return Arrays.stream(values()).filter(mode -> mode.wireName.equals(wireName)).findFirst();
    }
}
