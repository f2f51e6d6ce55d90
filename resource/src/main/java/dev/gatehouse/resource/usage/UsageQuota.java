package dev.gatehouse.resource.usage;

/**
 * What one user may use in a calendar month.
 *
 * @param requests tool calls and resource reads
 * @param tokens   estimated tokens of text, in and out together
 */
public record UsageQuota(long requests, long tokens) {
}
