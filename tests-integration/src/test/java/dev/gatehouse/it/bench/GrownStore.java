package dev.gatehouse.it.bench;

import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.shared.secret.SecretToken;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** The SQLite store of a running server, filled with tokens directly: a million over HTTP would take minutes. */
final class GrownStore implements AutoCloseable {
    private static final int ROWS_IN_A_TRANSACTION = 5_000;
    private static final long LIFETIME_MILLIS = 86_400_000;
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>();
    private final String demoClient;
    private final String audience;
    private int size;

    /** @param client the client of the tokens that have no other */
    GrownStore(Path file, String client, String audience) throws SQLException {
        this.demoClient = client;
        this.audience = audience;
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 20000");
            statement.execute("PRAGMA synchronous = OFF");
            statement.execute("PRAGMA cache_size = -1000000");
        }
        connection.setAutoCommit(false);
    }

    /** The token of a number. */
    static String token(int number) {
        return "gha_" + SecretToken.encode(SecretToken.sha256(("token " + number).getBytes(StandardCharsets.UTF_8)));
    }

    /** The identifiers of a token. @param sub null for a token of the client itself */
    record Row(int number, String client, String sub) {
    }

    static Row ofClient(int number) {
        return new Row(number, null, null);
    }

    static Row ofUser(int number) {
        return new Row(number, client(number), "user-" + number);
    }

    /** The client of a number. Its identifier is its secret. */
    static String client(int number) {
        return "client-" + number;
    }

    void grow(int to, IntFunction<Row> rows) throws SQLException {
        while (size < to) {
            insert(rows.apply(size++));
            if (size % ROWS_IN_A_TRANSACTION == 0) {
                connection.commit();
            }
        }
        connection.commit();
    }

    private void insert(Row row) throws SQLException {
        long now = System.currentTimeMillis();
        String client = row.client() == null ? demoClient : row.client();
        String grant = row.sub() == null ? null : "grant-" + row.number();
        if (row.sub() != null) {
            insert("client", Map.of("client_id", client, "auth_methods", "client_secret_basic", "scopes", "mcp:read", "grant_types",
                "authorization_code client_credentials", "created_at", now));
            insert("client_secret", Map.of("client_id", client, "hash", ClientSecrets.storedForm(client), "created_at", now));
            insert("user_account", Map.of("sub", row.sub(), "username", row.sub(), "created_at", now));
            insert("authorization_grant", Map.of("grant_id", grant, "sub", row.sub(), "client_id", client, "scopes", "mcp:read", "resources", audience,
                "created_at", now, "expires_at", now + LIFETIME_MILLIS));
        }
        Map<String, Object> token = new LinkedHashMap<>(Map.of("token_hash", SecretToken.hash(token(row.number())), "client_id", client,
            "sub", row.sub() == null ? client : row.sub(), "scopes", "mcp:read", "audience", audience, "issued_at", now, "expires_at", now + LIFETIME_MILLIS));
        token.put("grant_id", grant);
        insert("access_token", token);
    }

    /** Inserts a row. Columns that must have a value, and are not named, get an empty one. */
    private void insert(String table, Map<String, Object> values) throws SQLException {
        Map<String, Object> all = new LinkedHashMap<>();
        for (String column : columns(table)) {
            if (values.containsKey(column)) {
                all.put(column, values.get(column));
            }
        }
        PreparedStatement statement = statements.get(table);
        int place = 1;
        for (String column : columns(table)) {
            statement.setObject(place++, all.get(column) == null && !values.containsKey(column) ? "" : all.get(column));
        }
        statement.executeUpdate();
    }

    private final Map<String, List<String>> tables = new LinkedHashMap<>();

    /** The columns of a table that an insertion names: those without a default, if they must have a value, and those of tokens. */
    private List<String> columns(String table) throws SQLException {
        List<String> known = tables.get(table);
        if (known == null) {
            known = new ArrayList<>();
            try (Statement statement = connection.createStatement(); ResultSet found = statement.executeQuery("SELECT name FROM pragma_table_info('" + table
                    + "') WHERE (\"notnull\" = 1 AND dflt_value IS NULL) OR name = 'grant_id'")) {
                while (found.next()) {
                    known.add(found.getString(1));
                }
            }
            tables.put(table, known);
            statements.put(table, connection.prepareStatement("INSERT INTO " + table + " (" + String.join(", ", known) + ") VALUES ("
                + "?, ".repeat(known.size() - 1) + "?)"));
        }
        return known;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
