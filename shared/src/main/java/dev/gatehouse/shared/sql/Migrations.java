package dev.gatehouse.shared.sql;

import dev.gatehouse.shared.config.StartupException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.sqlite.SQLiteDataSource;

import java.util.Arrays;
import java.util.Map;

/**
 * Runs the pending migrations {@code V001__name.sql} of a class path directory.
 *
 * <p>Placeholders cover the differences between the engines: a column of bytes is declared as {@code ${bytes}}, an identity column as
 * {@code seq ${identity}}, and a line for PostgreSQL only begins with {@code ${postgresql}}.
 */
final class Migrations {

    private Migrations() {
    }

    /** @throws StartupException if a newer version of the program has migrated the database; nothing is changed then */
    static void migrate(SqliteOptions options) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + options.file());
        source.setSynchronous("FULL");
        source.getConfig().setBusyTimeout(options.busyMillis());
        try {
            Flyway flyway = Flyway.configure(Migrations.class.getClassLoader())
                .loggers(MigrationLog.Creator.class.getName())
                .dataSource(source)
                .locations("classpath:" + options.migrations())
                // Two branches may add migrations at the same time. PostgreSQL applies them in the same way.
                .outOfOrder(true)
                .placeholders(Map.of("identity", "INTEGER PRIMARY KEY AUTOINCREMENT", "bytes", "BLOB", "postgresql", "--"))
                .load();
            refuseNewer(flyway, options);
            flyway.migrate();
        } catch (FlywayException e) {
            throw new StartupException(explain(options, e), e);
        }
    }

    private static String explain(SqliteOptions options, FlywayException e) {
        if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return options.file() + " is the database of another program. Set another file in the configuration.";
        }
        Throwable reason = e;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return "Cannot migrate the database " + options.file() + ": " + reason.getMessage()
            + ". The failed migration was rolled back.";
    }

    private static void refuseNewer(Flyway flyway, SqliteOptions options) {
        Arrays.stream(flyway.info().all())
            .filter(migration -> migration.getState().isApplied() && !migration.getState().isResolved())
            .map(MigrationInfo::getVersion)
            .findFirst()
            .ifPresent(version -> {
                throw new StartupException("The database " + options.file() + " was written by a newer version"
                    + " of Gatehouse (schema " + version + "). Run that version, or set another file in the configuration.");
            });
    }
}
