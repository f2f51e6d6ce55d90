package dev.gatehouse.shared.sql;

import io.vertx.core.Promise;

import java.util.List;

/** One caller's read on its way through a reader. */
record SqliteQuery(String sql, Object[] parameters, Promise<List<SqlRow>> caller) {
}
