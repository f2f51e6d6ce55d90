package dev.gatehouse.shared.sql;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/**
 * The empty database that a new SQLite file starts as. The build runs the migrations and puts the result beside their scripts; a first start
 * copies it instead of loading the migration library. Without it, and when a script has changed since, the start migrates.
 */
public final class PreparedDatabase {

    private static final String NAME = "/prepared.db";
    /** The builds of one version are the same to the byte. */
    private static final String SAME_IN_EACH_BUILD = "UPDATE flyway_schema_history SET installed_on = '2026-01-01 00:00:00', execution_time = 0";

    private PreparedDatabase() {
    }

    /** Fills the file of a database if it is empty. A crash leaves it empty or whole. */
    static void fill(SqliteOptions options) throws IOException {
        if (Files.size(options.file()) > 0) {
            return;
        }
        try (InputStream prepared = PreparedDatabase.class.getClassLoader().getResourceAsStream(options.migrations() + NAME)) {
            if (prepared != null) {
                Path file = options.file().toRealPath();
                Path copy = file.resolveSibling(file.getFileName() + ".new");
                SqliteFiles.makeFile(copy);
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                    channel.write(ByteBuffer.wrap(prepared.readAllBytes()));
                    channel.force(true);
                }
                Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /**
     * Makes the database, in the build.
     *
     * @param arguments the class path directory of the migrations, such as {@code db/authz}, and the directory of the compiled classes
     * @throws IOException if the classes cannot be written
     * @throws SQLException if a migration fails
     */
    public static void main(String[] arguments) throws IOException, SQLException {
        Path target = Path.of(arguments[1], arguments[0] + NAME);
        Path made = Files.createTempFile("prepared", ".db");
        SqliteOptions options = SqliteOptions.of(made, arguments[0]);
        SqliteSchema.migrate(options, SchemaScripts.fingerprint(options.migrations()));
        try (SqliteConnection connection = SqliteConnection.writing(options)) {
            connection.control(SAME_IN_EACH_BUILD);
            connection.control("VACUUM");
        }
        Files.move(made, target, StandardCopyOption.REPLACE_EXISTING);
    }
}
