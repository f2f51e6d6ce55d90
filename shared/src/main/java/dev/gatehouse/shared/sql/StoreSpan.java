package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.spi.tracing.SpanKind;
import io.vertx.core.spi.tracing.TagExtractor;
import io.vertx.core.spi.tracing.VertxTracer;
import io.vertx.core.tracing.TracingPolicy;

import java.util.ArrayList;
import java.util.List;

/** A query or a transaction as a span of the caller's trace: the text of its statements, and never a parameter. */
final class StoreSpan {

    /** The span of a caller that is not traced. */
    private static final StoreSpan NONE = new StoreSpan(null, null, null);

    private static final TagExtractor<StoreSpan> NAMES = new Tags("db.system.name", "db.namespace");
    private static final TagExtractor<StoreSpan> STATEMENTS = new Tags("db.query.text");

    private final String system;
    private final String database;
    private final List<String> statements;

    private StoreSpan(String system, String database, List<String> statements) {
        this.system = system;
        this.database = database;
        this.statements = statements;
    }

    /** The attributes with these names. */
    private record Tags(String... names) implements TagExtractor<StoreSpan> {

        @Override
        public int len(StoreSpan span) {
            return names.length;
        }

        @Override
        public String name(StoreSpan span, int index) {
            return names[index];
        }

        @Override
        public String value(StoreSpan span, int index) {
            return switch (names[index]) {
                case "db.system.name" -> span.system;
                case "db.namespace" -> span.database;
                default -> span.text();
            };
        }
    }

    /** The span of work that the current context has asked for; it records nothing if that context is not traced. */
    static StoreSpan of(Vertx vertx, String system, String database) {
        return ((ContextInternal) vertx.getOrCreateContext()).tracer() == null ? NONE : new StoreSpan(system, database, new ArrayList<>());
    }

    /** Adds a statement. */
    void add(String sql) {
        if (statements != null) {
            synchronized (statements) {
                statements.add(sql.strip());
            }
        }
    }

    private String text() {
        synchronized (statements) {
            return String.join(";\n", statements);
        }
    }

    /** The same transaction, whose statements this span names. */
    <T> Transaction<T> over(Transaction<T> transaction) {
        return this == NONE ? transaction : open -> transaction.run(new NamedStatements(open, this));
    }

    /** Ends the span with the result. */
    <T> Future<T> until(Vertx vertx, String operation, Future<T> result) {
        ContextInternal context = (ContextInternal) vertx.getOrCreateContext();
        @SuppressWarnings("unchecked")
        VertxTracer<Object, Object> tracer = (VertxTracer<Object, Object>) context.tracer();
        if (this == NONE || tracer == null) {
            return result;
        }
        Object trace = tracer.sendRequest(context, SpanKind.RPC, TracingPolicy.PROPAGATE, this, operation + " " + database, (name, value) -> { }, NAMES);
        return trace == null ? result : result.onComplete(outcome ->
            tracer.receiveResponse(context, this, trace, outcome.cause(), STATEMENTS));
    }

    private record NamedStatements(Statements statements, StoreSpan span) implements Statements {

        @Override
        public Future<List<SqlRow>> query(String sql, Object... parameters) {
            span.add(sql);
            return statements.query(sql, parameters);
        }

        @Override
        public Future<Integer> update(String sql, Object... parameters) {
            span.add(sql);
            return statements.update(sql, parameters);
        }

        @Override
        public Future<Void> lock(String name) {
            return statements.lock(name);
        }

        @Override
        public void wake(String feed) {
            statements.wake(feed);
        }
    }
}
