package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.SecretFile;
import dev.gatehouse.shared.config.StartupException;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The section {@code store} of a configuration. Without a URL and without hosts the server keeps its data in a SQLite file.
 *
 * @param url {@code postgresql://user@host:port,host/database?sslmode=…}; or null
 * @param postgresql the parts that the URL does not have, and the limits
 */
public record StoreConfiguration(String url, PostgresqlOptions postgresql) {

    private static final Pattern URL = Pattern.compile("postgres(?:ql)?://(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?"
        + "(?<hosts>[^/?]*)(?:/(?<database>[^?]*))?(?:\\?(?<options>.*))?");
    private static final String DEFAULT_PORT = ":5432";

    /**
     * The parts of a connection, and the limits of a server.
     *
     * @param hosts each as {@code host} or {@code host:port}; the server uses the first that accepts changes
     * @param database the database; null for the name of the user
     * @param user the role; null for the name of the operating system's user
     * @param password null for none, or if a file has it
     * @param passwordFile a file with the password, relative to the data home or absolute; or null
     * @param schema the schema of this server's tables
     * @param tls disable, require, verify-ca or verify-full
     * @param caFile PEM file of the certificate authority; null for those of the Java runtime
     * @param certificateFile PEM file of the client certificate, or null
     * @param keyFile PEM file of the client certificate's key, or null
     * @param connections the maximum number of connections
     * @param waiting the maximum number of requests that wait for a connection
     * @param statementTimeoutSeconds the longest time of one statement
     * @param lockTimeoutSeconds the longest wait for a lock
     */
    public record PostgresqlOptions(List<String> hosts, String database, String user, String password, String passwordFile, String schema,
                                    String tls, String caFile, String certificateFile, String keyFile, int connections, int waiting,
                                    int statementTimeoutSeconds, int lockTimeoutSeconds) {

        TlsMode tlsMode() {
            return TlsMode.of(tls);
        }

        @Override
        public String toString() {
            return "PostgresqlOptions[" + hosts + "/" + database + "]";
        }
    }

    /** The protection of the connection. The names are those of libpq. */
    enum TlsMode {
        DISABLE, REQUIRE, VERIFY_CA, VERIFY_FULL;

        static TlsMode of(String name) {
            return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    @Override
    public String toString() {
        return "StoreConfiguration[" + (isPostgresql() ? "postgresql" : "sqlite") + "]";
    }

    /** {@return whether the data are in PostgreSQL} */
    public boolean isPostgresql() {
        return url != null || !postgresql.hosts().isEmpty();
    }

    /** {@return what a production server must not have: a password in a URL, or a remote database without a verified certificate} */
    public List<String> productionProblems() {
        List<String> problems = new ArrayList<>();
        if (!isPostgresql()) {
            return problems;
        }
        PostgresqlOptions parts = parts();
        if (url != null && matched(url).group("password") != null) {
            problems.add("store.url must not hold a password. Set store.postgresql.passwordFile, or store.postgresql.password to a ${VARIABLE}");
        }
        boolean remote = parts.hosts().stream().anyMatch(host -> !isLoopback(host));
        if (remote && parts.tlsMode().compareTo(TlsMode.VERIFY_CA) < 0) {
            problems.add("store.postgresql.tls must be verify-full or verify-ca for a database on another machine");
        }
        return problems;
    }

    private static boolean isLoopback(String host) {
        String name = host.substring(0, host.lastIndexOf(':'));
        return name.equals("localhost") || name.startsWith("127.") || name.equals("[::1]");
    }

    /** The parts of the URL, and those of the section that the URL does not have. @throws StartupException if the URL is malformed */
    PostgresqlOptions parts() {
        String user = postgresql.user();
        String password = postgresql.password();
        String database = postgresql.database();
        List<String> hosts = postgresql.hosts();
        Map<String, String> query = Map.of();
        if (url != null) {
            Matcher matched = matched(url);
            user = orElse(matched.group("user"), user);
            password = orElse(matched.group("password"), password);
            database = orElse(matched.group("database"), database);
            hosts = matched.group("hosts").isEmpty() ? hosts : List.of(matched.group("hosts").split(","));
            query = query(matched.group("options"));
        }
        String role = user == null ? System.getProperty("user.name") : user;
        return new PostgresqlOptions(hosts.isEmpty() ? List.of("localhost" + DEFAULT_PORT) : hosts.stream().map(StoreConfiguration::withPort).toList(),
            database == null ? role : database, role, password, postgresql.passwordFile(), postgresql.schema(),
            query.getOrDefault("sslmode", postgresql.tls()), query.getOrDefault("sslrootcert", postgresql.caFile()), query.getOrDefault("sslcert", postgresql.certificateFile()),
            query.getOrDefault("sslkey", postgresql.keyFile()), postgresql.connections(), postgresql.waiting(),
            postgresql.statementTimeoutSeconds(), postgresql.lockTimeoutSeconds());
    }

    /** The password of the configuration or of its file, without a line break at its end; null for none. Blocking. */
    String password(DataHome home) {
        PostgresqlOptions parts = parts();
        return parts.passwordFile() == null ? parts.password() : new SecretFile("store.postgresql.passwordFile", home.file(parts.passwordFile())).read();
    }

    private static Matcher matched(String url) {
        Matcher matched = URL.matcher(url);
        if (!matched.matches()) {
            throw new StartupException("store.url must be like postgresql://user@host:5432/database");
        }
        return matched;
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        for (String pair : text == null || text.isEmpty() ? new String[0] : text.split("&")) {
            String[] parts = pair.split("=", 2);
            if (parts.length < 2 || !List.of("sslmode", "sslrootcert", "sslcert", "sslkey").contains(parts[0])) {
                throw new StartupException("store.url has an unknown parameter " + parts[0] + "; known: sslmode, sslrootcert, sslcert, sslkey");
            }
            query.put(parts[0], decode(parts[1]));
        }
        try {
            TlsMode.of(query.getOrDefault("sslmode", "disable"));
        } catch (IllegalArgumentException unknown) {
            throw new StartupException("store.url: sslmode must be disable, require, verify-ca or verify-full", unknown);
        }
        return query;
    }

    private static String withPort(String host) {
        return host.matches(".*:[0-9]+") ? host : host + DEFAULT_PORT;
    }

    private static String orElse(String text, String other) {
        return text == null || text.isEmpty() ? other : decode(text);
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
