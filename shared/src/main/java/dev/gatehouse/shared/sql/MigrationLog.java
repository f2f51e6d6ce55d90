package dev.gatehouse.shared.sql;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs the messages of the migration library one level lower: its progress matters only for debugging. */
record MigrationLog(Logger log) implements Log {

    /** The library instantiates this class by name. */
    public static final class Creator implements LogCreator {

        @Override
        public Log createLogger(Class<?> type) {
            return new MigrationLog(LoggerFactory.getLogger(type));
        }
    }

    @Override
    public void debug(String message) {
        log.trace(message);
    }

    @Override
    public void info(String message) {
        log.debug(message);
    }

    @Override
    public void notice(String message) {
        log.debug(message);
    }

    @Override
    public void warn(String message) {
        log.warn(message);
    }

    @Override
    public void error(String message) {
        log.error(message);
    }

    @Override
    public void error(String message, Exception exception) {
        log.error(message, exception);
    }
}
