package dev.gatehouse.shared.sql;

import java.util.function.LongSupplier;

/**
 * A statement that removes a bounded number of rows that nobody needs any more.
 *
 * @param sql {@code DELETE … WHERE id IN (SELECT id … WHERE expires_at <= $1 LIMIT $2)}: {@code $1} is the cutoff,
 *     {@code $2} the most rows to remove
 * @param cutoff the moment, in the column's own unit, up to which rows are removed; asked anew for each step
 */
public record PurgeStep(String sql, LongSupplier cutoff) {
}
