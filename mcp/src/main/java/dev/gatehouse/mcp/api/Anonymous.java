package dev.gatehouse.mcp.api;

import io.vertx.core.Future;

import java.util.Objects;

/**
 * A caller without a usable credential.
 *
 * @param reason message for the caller of each call: why it is refused, and how to get a token
 * @param signIn offers a page to sign in at to clients that can send their user there; null for none
 */
public record Anonymous(String reason, SignIn signIn) implements Caller {

    /** A way to sign in, for the user of a client that opens pages. */
    @FunctionalInterface
    public interface SignIn {

        /**
         * Begins to sign in, or goes on with a sign-in that has begun.
         *
         * @param notifier of the call, for {@link Notifier#elicitationComplete}
         * @return the page, made by {@link InputRequest#elicitationUrl(String, String, String)}
         */
        Future<InputRequest> begin(Notifier notifier);
    }

    /**
     * Requires a reason.
     *
     * @param reason message for the caller of each call: why it is refused, and how to get a token
     * @param signIn offers a page to sign in at to clients that can send their user there; null for none
     */
    public Anonymous {
        Objects.requireNonNull(reason, "reason");
    }

    /**
     * A caller that has to bring a token.
     *
     * @param reason message for the caller of each call
     */
    public Anonymous(String reason) {
        this(reason, null);
    }
}
