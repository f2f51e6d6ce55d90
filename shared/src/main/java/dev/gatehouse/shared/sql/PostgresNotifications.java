package dev.gatehouse.shared.sql;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Wakes the feeds of all processes by LISTEN and NOTIFY. A notification is sent after the commit, because NOTIFY in a transaction makes
 * all commits of the server wait for each other. It carries no data and may be lost: the feeds also read at intervals. The connection that
 * listens also holds the lock by which migrations see that this process serves.
 */
final class PostgresNotifications {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresNotifications.class);
    private static final long PING_MILLIS = 2_000;
    private static final long RECONNECT_MILLIS = 500;

    private final Wakes wakes = new Wakes();
    private final Vertx vertx;
    private final PostgresConnections connections;
    private final String channel;
    private volatile PgConnection connection;
    private volatile boolean closed;

    PostgresNotifications(Vertx vertx, PostgresConnections connections) {
        this.vertx = vertx;
        this.connections = connections;
        this.channel = "gatehouse_" + connections.options().schema();
    }

    Runnable add(String feed, Runnable listener) {
        return wakes.add(feed, listener);
    }

    /** Wakes the feeds of this process at once, and of the others by the server. */
    void wake(Pool pool, Set<String> feeds) {
        for (String feed : feeds) {
            wakes.wake(feed);
            pool.preparedQuery("SELECT pg_notify($1, $2)").execute(Tuple.of(channel, feed))
                .onFailure(cause -> LOG.debug("A notification was not sent: {}", cause.getMessage()));
        }
    }

    void start() {
        if (!closed) {
            connections.connect(vertx).compose(this::listen).onFailure(cause -> {
                LOG.debug("Cannot listen for notifications: {}", cause.getMessage());
                vertx.setTimer(RECONNECT_MILLIS, again -> start());
            });
        }
    }

    /** After an interruption, notifications may have been lost, so all feeds read. */
    private Future<Void> listen(PgConnection opened) {
        opened.notificationHandler(notification -> wakes.wake(notification.getPayload()));
        return PostgresSchema.serve(opened, connections).compose(serving -> opened.query("LISTEN " + channel).execute()).<Void>map(listening -> {
            connection = opened;
            opened.closeHandler(lost -> vertx.setTimer(RECONNECT_MILLIS, again -> start()));
            wakes.wakeAll();
            pingLater(opened);
            return null;
        }).onFailure(cause -> opened.close());
    }

    /** Detects a connection that is lost without a word. */
    private void pingLater(PgConnection opened) {
        vertx.setTimer(PING_MILLIS, due -> {
            if (connection == opened && !closed) {
                opened.query("SELECT 1").execute().timeout(PING_MILLIS, TimeUnit.MILLISECONDS)
                    .onSuccess(alive -> pingLater(opened)).onFailure(lost -> opened.close());
            }
        });
    }

    Future<Void> close() {
        closed = true;
        PgConnection open = connection;
        return open == null ? Future.succeededFuture() : open.close();
    }
}
