package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import dev.gatehouse.shared.sql.StoreConfiguration.TlsMode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Opens connections to the first of several servers that accepts changes. */
final class PostgresConnections {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int CACHED_STATEMENTS = 256;

    private final PostgresqlOptions options;
    private final List<PgConnectOptions> servers;
    private final AtomicInteger current = new AtomicInteger();

    /** Reads the password and checks the options. Blocking. */
    PostgresConnections(StoreConfiguration store, DataHome home) {
        options = store.parts();
        String password = store.password(home);
        ClientSSLOptions tls = tls(options, home);
        servers = options.hosts().stream().map(host -> server(host, password, tls)).toList();
    }

    private PgConnectOptions server(String host, String password, ClientSSLOptions tls) {
        int colon = host.lastIndexOf(':');
        return new PgConnectOptions().setHost(host.substring(0, colon).replaceAll("[\\[\\]]", ""))
            .setPort(Integer.parseInt(host.substring(colon + 1))).setDatabase(options.database()).setUser(options.user())
            .setPassword(password == null ? "" : password).setCachePreparedStatements(true).setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
            .setPreparedStatementCacheSqlLimit(Integer.MAX_VALUE)
            .setSslMode(SslMode.valueOf(options.tlsMode().name())).setSslOptions(tls).setProperties(Map.of())
            // A transaction is one span: see StoreSpan.
            .setTracingPolicy(TracingPolicy.IGNORE);
    }

    private static ClientSSLOptions tls(PostgresqlOptions options, DataHome home) {
        ClientSSLOptions tls = new ClientSSLOptions().setTrustAll(options.tlsMode() == TlsMode.REQUIRE)
            .setHostnameVerificationAlgorithm(options.tlsMode() == TlsMode.VERIFY_FULL ? "HTTPS" : "");
        if (options.caFile() != null) {
            tls.setTrustOptions(new PemTrustOptions().addCertPath(home.file(options.caFile()).toString()));
        }
        if (options.certificateFile() != null) {
            tls.setKeyCertOptions(new PemKeyCertOptions().addCertPath(home.file(options.certificateFile()).toString())
                .addKeyPath(home.file(options.keyFile()).toString()));
        }
        return tls;
    }

    PostgresqlOptions options() {
        return options;
    }

    /** The database without its credentials, for messages. */
    String name() {
        return "postgresql://" + String.join(",", options.hosts()) + "/" + options.database() + " schema " + options.schema();
    }

    /** The name of the store in metrics and traces. */
    String schema() {
        return options.schema();
    }

    /** The longest time of a transaction or a read, including the wait for a connection. */
    long deadlineMillis() {
        return TimeUnit.SECONDS.toMillis(options.statementTimeoutSeconds()) + 1_000;
    }

    /**
     * Creates a pool. A connection on which the server sends nothing for twice the statement timeout is dead or idle, and is closed. The
     * pool closes idle connections a little earlier.
     */
    Pool pool(Vertx vertx) {
        int silence = 2 * options.statementTimeoutSeconds() + 2;
        return PgBuilder.pool().using(vertx).connectingTo(() -> Future.succeededFuture(timed(servers.get(index()))))
            .with(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpKeepAlive(true).setTcpNoDelay(true)
                .setReadIdleTimeout(silence).setIdleTimeoutUnit(TimeUnit.SECONDS))
            .with(new PoolOptions().setName(options.schema()).setMaxSize(options.connections()).setMaxWaitQueueSize(options.waiting())
                .setConnectionTimeout(options.statementTimeoutSeconds()).setConnectionTimeoutUnit(TimeUnit.SECONDS)
                .setIdleTimeout(silence - 2).setIdleTimeoutUnit(TimeUnit.SECONDS))
            .build();
    }

    /** The server ends a statement or a transaction that takes too long, and its locks with it. */
    private PgConnectOptions timed(PgConnectOptions server) {
        Map<String, String> settings = settings();
        settings.put("statement_timeout", options.statementTimeoutSeconds() + "s");
        settings.put("lock_timeout", options.lockTimeoutSeconds() + "s");
        settings.put("idle_in_transaction_session_timeout", options.statementTimeoutSeconds() + "s");
        return new PgConnectOptions(server).setProperties(settings);
    }

    private Map<String, String> settings() {
        return new HashMap<>(Map.of("application_name", "gatehouse " + options.schema(), "search_path", options.schema(), "client_encoding", "UTF8", "client_min_messages", "warning",
            "default_transaction_isolation", "read committed"));
    }

    /** Opens one connection without time-outs: for migrations and notifications. */
    Future<PgConnection> connect(Vertx vertx) {
        return PgConnection.connect(vertx, new PgConnectOptions(servers.get(index())).setProperties(settings()));
    }

    /** The same, to the first of several servers that accepts connections and changes. It becomes the current one. */
    Future<PgConnection> connectToPrimary(Vertx vertx) {
        return servers.size() == 1 ? connect(vertx) : primary(vertx, servers.size() - 1);
    }

    private Future<PgConnection> primary(Vertx vertx, int others) {
        int turn = turn();
        return connect(vertx).compose(PostgresConnections::requireChanges)
            .recover(cause -> others > 0 && leave(turn) ? primary(vertx, others - 1) : Future.failedFuture(cause));
    }

    private static Future<PgConnection> requireChanges(PgConnection connection) {
        return connection.query("SHOW transaction_read_only").execute().compose(rows -> rows.iterator().next().getString(0).equals("off")
            ? Future.succeededFuture(connection)
            : connection.close().transform(closed -> Future.failedFuture(new IllegalStateException("no server accepts changes"))));
    }

    private int index() {
        return Math.floorMod(current.get(), servers.size());
    }

    /** The number of changes of the server. */
    int turn() {
        return current.get();
    }

    /** Changes to the next server, unless another caller has done so since this turn. Returns whether it changed. */
    boolean leave(int turn) {
        return servers.size() > 1 && current.compareAndSet(turn, turn + 1);
    }
}
