package dev.gatehouse.shared.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The directory of databases and keys: {@code $GATEHOUSE_HOME}, else {@code ~/.gatehouse}, and never the working
 * directory, since MCP hosts start stdio servers anywhere. Blocking.
 */
public record DataHome(Path directory) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    /** The data home that an environment names. Touches nothing. */
    public static DataHome of(Map<String, String> environment) {
        String named = environment.get("GATEHOUSE_HOME");
        Path directory = named == null || named.isBlank()
            ? Path.of(System.getProperty("user.home"), ".gatehouse") : Path.of(named);
        return new DataHome(directory.toAbsolutePath().normalize());
    }

    /**
     * Makes the directory, for its owner only, where it is missing, and closes it to others where it is not.
     *
     * @throws StartupException when it cannot be made or written
     */
    public DataHome prepare() {
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        } catch (IOException e) {
            throw notWritable(e);
        }
        if (!Files.isWritable(directory)) {
            throw notWritable(null);
        }
        return this;
    }

    /** A file of the data home; an absolute name stays what it is. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    private StartupException notWritable(IOException cause) {
        return new StartupException("The data home " + directory
            + " cannot be written. Make it writable for this user, or name another directory in GATEHOUSE_HOME.", cause);
    }
}
