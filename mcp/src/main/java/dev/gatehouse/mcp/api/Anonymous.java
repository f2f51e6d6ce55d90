package dev.gatehouse.mcp.api;

import java.util.Objects;

/**
 * A caller without a usable credential.
 *
 * @param reason message for the caller of each call: why it is refused, and how to get a token
 */
public record Anonymous(String reason) implements Caller {

    public Anonymous {
        Objects.requireNonNull(reason, "reason");
    }
}
