package dev.gatehouse.shared.sql;

/**
 * News that something kept outside the database is no longer true, as the table {@code invalidation} holds it.
 *
 * @param seq ascending in the order in which the news was committed
 * @param kind what sort of thing, such as {@code token}
 * @param subject which one
 */
public record Invalidation(long seq, String kind, String subject) {
}
