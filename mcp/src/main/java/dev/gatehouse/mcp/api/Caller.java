package dev.gatehouse.mcp.api;

/** Who makes a call: an authenticated {@link Principal}, or nobody we know ({@link Anonymous}, over stdio without a token). */
public sealed interface Caller permits Principal, Anonymous {
}
