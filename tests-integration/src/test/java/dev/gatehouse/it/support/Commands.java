package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.PasswordHasher.PasswordHashOptions;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sets up clients and users through the command line of the product, in the data home of running servers. The commands run in the JVM of the tests,
 * because a process of each would take a second. {@link Product#run} runs those that are tested themselves.
 */
public final class Commands {
    private Commands() {
    }

    /** Registers a public client and returns its identifier. */
    public static String addPublicClient(Path home, String... redirectUris) {
        String id = "public-" + Pkce.random().substring(0, 8);
        List<String> arguments = new ArrayList<>(List.of("client", "add", id, "--public"));
        Stream.of(redirectUris).forEach(uri -> arguments.addAll(List.of("--redirect-uri", uri)));
        succeeded(run(home, "", arguments.toArray(String[]::new)));
        return id;
    }

    /** Registers a public client for devices and returns its identifier. */
    public static String addDevice(Path home) {
        String id = "device-" + Pkce.random().substring(0, 8);
        succeeded(run(home, "", "client", "add", id, "--public", "--name", "Television",
            "--grant", "urn:ietf:params:oauth:grant-type:device_code,refresh_token"));
        return id;
    }

    /** Registers a confidential client with these further options of {@code client add}, and returns it. */
    public static OAuthClient addConfidentialClient(RunningGatehouse gatehouse, String redirectUri, String... options) {
        String id = "confidential-" + Pkce.random().substring(0, 8);
        List<String> arguments = new ArrayList<>(List.of("client", "add", id, "--confidential"));
        if (redirectUri != null) {
            arguments.addAll(List.of("--redirect-uri", redirectUri));
        }
        arguments.addAll(List.of(options));
        Product.Result result = succeeded(run(gatehouse.home(), "", arguments.toArray(String[]::new)));
        String secret = result.out().replaceAll("(?s).*client_secret: *(\\S+).*", "$1");
        return new OAuthClient(gatehouse.issuer(), id, secret, redirectUri);
    }

    /** Adds a user who logs in with this password. */
    public static void addUser(Path home, String username, String password) {
        succeeded(run(home, password + "\n", "user", "add", username));
    }

    /** The same at the cost that the product has by default: each login of this user takes a processor for a while. */
    public static void addUserHashedSlowly(Path home, String username, String password) {
        succeeded(run(home, new JsonObject(), password + "\n", "user", "add", username));
    }

    public static Product.Result changePassword(Path home, String username, String password) {
        return run(home, password + "\n", "user", "password", username);
    }

    /** Runs a command that has to succeed. */
    public static void requireRun(Path home, String... arguments) {
        succeeded(run(home, "", arguments));
    }

    private static Product.Result succeeded(Product.Result result) {
        assertThat(result.exitCode()).as(result.err()).isZero();
        return result;
    }

    /** Hashes the password of a user again, at the cost that servers of {@link RunningGatehouse#configured} have. The command would refuse the demo's. */
    static void hashCheaply(Path home, String username, String password) {
        Vertx vertx = Vertx.vertx();
        PasswordHasher hasher = new PasswordHasher(vertx, new PasswordHashOptions(RunningGatehouse.CHEAP_HASH.getInteger("memoryKibibytes"),
            RunningGatehouse.CHEAP_HASH.getInteger("iterations"), 1, 1));
        try (Connection store = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("authz.db"));
             PreparedStatement update = store.prepareStatement("UPDATE user_account SET password_hash = ? WHERE username = ?")) {
            update.setString(1, Waiting.on(hasher.hash(password)));
            update.setString(2, username);
            assertThat(update.executeUpdate()).isOne();
        } catch (SQLException failed) {
            throw new IllegalStateException("the password of " + username + " is not hashed again", failed);
        } finally {
            Waiting.on(vertx.close());
        }
    }

    static Product.Result run(Path home, String input, String... arguments) {
        return run(home, RunningGatehouse.CHEAP_HASH, input, arguments);
    }

    /** Runs one command at a time: the input of a JVM is one. */
    private static synchronized Product.Result run(Path home, JsonObject passwordHash, String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-conf", configuration(home, passwordHash).toString()));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            int exitCode = dev.gatehouse.shared.cli.Gatehouse.commandLine(arguments).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
            return new Product.Result(exitCode, out.toString(), err.toString());
        } finally {
            System.setIn(before);
        }
    }

    private static Path configuration(Path home, JsonObject passwordHash) {
        JsonObject files = new JsonObject().put("keyFile", home.resolve("keys/authz.key").toString()).put("passwordHash", passwordHash)
            .put("database", new JsonObject().put("file", home.resolve("authz.db").toString()));
        try {
            return Files.writeString(Product.scratch("conf").resolve("authz.json"), files.encode());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
