package dev.gatehouse.shared.flight;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The directory of the recorded attempts: one file for each, the newest only. Blocking. */
final class FlightFiles {

    private static final int MOST_FILES = 200;
    private static final String OURS = "\\d{4}-\\d\\d-\\d\\dT[0-9-]+Z?-[a-z-]+-[A-Za-z0-9_-]{8}\\.json";

    private final Path directory;
    private final int mostFiles;
    /** The file of each attempt: its name changes when the client shows a mark. */
    private final Map<String, Path> written = new HashMap<>();

    FlightFiles(Path directory) {
        this(directory, MOST_FILES);
    }

    FlightFiles(Path directory, int mostFiles) {
        this.directory = directory;
        this.mostFiles = mostFiles;
    }

    /** Creates the directory for its owner only. */
    void prepare() {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot create " + directory, e);
        }
    }

    synchronized void write(Attempt.Snapshot attempt, String server) {
        try {
            Path file = directory.resolve(attempt.fileName());
            attempt.record(server).write(file);
            Path before = written.put(attempt.id(), file);
            if (before != null && !before.equals(file)) {
                Files.deleteIfExists(before);
            }
            removeOldest();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to " + directory, e);
        }
    }

    /** The names begin with the time, so the oldest come first. Files of others stay. */
    private void removeOldest() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.filter(file -> file.getFileName().toString().matches(OURS)).sorted().toList();
        }
        for (Path oldest : files.subList(0, Math.max(0, files.size() - mostFiles))) {
            Files.deleteIfExists(oldest);
            written.values().remove(oldest);
        }
    }
}
