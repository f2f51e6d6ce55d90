package dev.gatehouse.shared.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.gatehouse.shared.config.DataHome;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The log levels that an operator has set, in a file of the data home. A running server reads the file again when it changes, so that needs no
 * port and no credential: the owner of the data home sets the levels. Blocking.
 */
final class LogLevels {

    private static final String OURS = "dev.gatehouse";
    private static final String FILE = "log-levels";

    private final Path file;
    private final Map<String, Level> before = new HashMap<>();
    private String seen = "";

    LogLevels(DataHome home) {
        file = home.file(FILE);
    }

    /** Applies the file now and after each change, on a thread of its own. */
    void follow() {
        Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "log-levels");
            thread.setDaemon(true);
            return thread;
        }).scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
    }

    private void look() {
        try {
            String state = Files.exists(file) ? Files.getLastModifiedTime(file) + " " + Files.size(file) : "";
            if (!state.equals(seen)) {
                seen = state;
                apply(read());
            }
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger(LogLevels.class).warn("{} cannot be read: {}", file, e.getMessage());
        }
    }

    private void apply(Map<String, String> levels) {
        before.forEach((name, level) -> logger(name).setLevel(level));
        before.clear();
        levels.forEach((name, level) -> {
            String problem = problem(name, level);
            if (problem != null) {
                LoggerFactory.getLogger(LogLevels.class).warn("{}: {}", file, problem);
                return;
            }
            before.put(name, logger(name).getLevel());
            logger(name).setLevel(Level.valueOf(level));
        });
        LoggerFactory.getLogger(LogLevels.class).info("Log levels: {}", levels.isEmpty() ? "default" : levels);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    /** The reason why a level cannot be set; null if it can. Libraries write headers and messages with credentials at their lower levels. */
    static String problem(String logger, String level) {
        if (Level.toLevel(level, null) == null) {
            return "There is no level " + level + ". Choose ERROR, WARN, INFO, DEBUG or TRACE.";
        }
        if (logger.equals(LogWriter.AUDIT)) {
            return "The audit log has no level: it is always complete.";
        }
        boolean ours = logger.equals(OURS) || logger.startsWith(OURS + ".");
        return ours || Level.valueOf(level).isGreaterOrEqual(Level.INFO) ? null
            : "Only loggers of " + OURS + " can be set to " + level + ": libraries log credentials at that level.";
    }

    Map<String, String> read() throws IOException {
        Properties levels = new Properties();
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                levels.load(reader);
            }
        }
        Map<String, String> sorted = new TreeMap<>();
        levels.stringPropertyNames().forEach(name -> sorted.put(name, levels.getProperty(name).strip()));
        return sorted;
    }

    /** Sets a level; null removes it. */
    void set(String logger, String level) throws IOException {
        Map<String, String> levels = read();
        if (level == null) {
            levels.remove(logger);
        } else {
            levels.put(logger, level);
        }
        StringBuilder text = new StringBuilder();
        levels.forEach((name, value) -> text.append(name).append(" = ").append(value).append('\n'));
        Files.createDirectories(file.getParent());
        Path written = Files.writeString(file.resolveSibling(FILE + ".new"), text);
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
