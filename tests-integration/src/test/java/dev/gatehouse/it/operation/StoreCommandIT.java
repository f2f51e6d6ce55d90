package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Postgres;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code gatehouse store}, on the command line. */
@Order(3)
final class StoreCommandIT {

    private final Path home = Product.scratch("home");

    @Test
    void storeMovesToPostgresqlAndBackWithEveryRow() throws IOException {
        Assumptions.assumeTrue(Postgres.isAvailable(), "No PostgreSQL here: install it, or name the directory of its programs in GATEHOUSE_POSTGRES");
        Path sqlite = configuration("sqlite", new JsonObject());
        Path postgresql = configuration("postgresql", new JsonObject().put("url", Postgres.shared().createDatabase()));
        assertThat(run("status", "authz", "-conf", sqlite.toString())).contains("SQLite", "V001__foundation.sql");
        assertThat(run("migrate", "authz", "-conf", sqlite.toString())).contains("Migrated");
        assertThat(run("migrate", "authz", "-conf", sqlite.toString())).contains("is current");
        assertThat(client("add", "first", "--confidential", "-conf", sqlite.toString()).exitCode()).isZero();

        String there = run("copy", "authz", "-conf", sqlite.toString(), "--to", postgresql.toString());
        assertThat(run("status", "authz", "-conf", postgresql.toString())).contains("postgresql://").doesNotContain(Postgres.PASSWORD);
        assertThat(client("list", "-conf", postgresql.toString()).out()).contains("first");
        Product.Result again = store("copy", "authz", "-conf", sqlite.toString(), "--to", postgresql.toString());
        assertThat(again.exitCode()).as("only an empty database takes a copy").isEqualTo(1);

        String back = run("copy", "authz", "-conf", postgresql.toString(), "--to", home.resolve("back.db").toString());
        assertThat(back).as("tables, rows and checksums").isEqualTo(there);
    }

    @Test
    void backupBringsBackWhatWasDeletedAfterIt() throws IOException {
        Path sqlite = configuration("sqlite", new JsonObject());
        assertThat(client("add", "first", "--confidential", "-conf", sqlite.toString()).exitCode()).isZero();
        Path file = home.resolve("backup.db");
        assertThat(run("backup", "authz", file.toString(), "-conf", sqlite.toString())).contains(file.toString());
        assertThat(store("backup", "authz", file.toString(), "-conf", sqlite.toString()).exitCode()).as("a file that exists").isEqualTo(1);
        assertThat(client("delete", "first", "-conf", sqlite.toString()).exitCode()).isZero();
        assertThat(client("list", "-conf", sqlite.toString()).out()).doesNotContain("first");

        assertThat(store("restore", "authz", file.toString(), "-conf", sqlite.toString()).exitCode()).as("without --replace").isEqualTo(1);
        assertThat(run("restore", "authz", file.toString(), "--replace", "-conf", sqlite.toString())).contains("Everything issued before this restore is ended");
        assertThat(client("list", "-conf", sqlite.toString()).out()).contains("first");
    }

    private Path configuration(String name, JsonObject store) throws IOException {
        return Files.writeString(Product.scratch("conf").resolve(name + ".json"), new JsonObject().put("store", store).encode());
    }

    private Product.Result client(String... arguments) {
        return Product.run(home, with("client", arguments));
    }

    private Product.Result store(String... arguments) {
        return Product.run(home, with("store", arguments));
    }

    private String run(String... arguments) {
        Product.Result result = store(arguments);
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result.out();
    }

    private static String[] with(String command, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = command;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return all;
    }
}
