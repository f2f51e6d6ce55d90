package dev.gatehouse.mcp.api;

/** The sender of a request: an authenticated {@link Principal}, or {@link Anonymous} over stdio without a token. */
public sealed interface Caller permits Principal, Anonymous {
}
