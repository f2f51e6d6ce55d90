package dev.gatehouse.shared.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The directory of databases and keys: {@code $GATEHOUSE_HOME}, else {@code ~/.gatehouse}, and never the working
 * directory, since MCP hosts start stdio servers anywhere. Blocking.
 */
public record DataHome(Path directory) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Pattern OURS = Pattern.compile("(authz|notes)\\.db.*|keys");

    /** The data home that an environment names. Touches nothing. */
    public static DataHome of(Map<String, String> environment) {
        String named = environment.get("GATEHOUSE_HOME");
        Path directory = named == null || named.isBlank() ? userHome(environment).resolve(".gatehouse") : Path.of(named);
        return new DataHome(directory.toAbsolutePath().normalize());
    }

    /** What a shell means by {@code ~}, which is not always what the system's user table says. */
    private static Path userHome(Map<String, String> environment) {
        String home = environment.get("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
    }

    /**
     * Makes the directory, for its owner only, where it is missing, and closes it to others where it is open.
     *
     * @throws StartupException when it cannot be made or written, or when it is open and looks like somebody else's
     */
    public DataHome prepare() {
        try {
            if (Files.isDirectory(directory)) {
                closeToOthers();
            } else {
                Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            }
        } catch (IOException e) {
            throw notWritable(e);
        }
        if (!Files.isWritable(directory)) {
            throw notWritable(null);
        }
        return this;
    }

    private void closeToOthers() throws IOException {
        if (Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
            return;
        }
        // Whoever names /tmp or a shared directory by mistake must not find it closed to everyone else.
        if (!isEmptyOrOurs()) {
            throw new StartupException("The data home " + directory
                + " is open to other users and holds files that are not Gatehouse's. "
                + "Name a directory of its own in GATEHOUSE_HOME, or close this one: chmod 700 " + directory);
        }
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }

    private boolean isEmptyOrOurs() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).allMatch(name -> OURS.matcher(name).matches());
        }
    }

    /** A file of the data home; an absolute name stays what it is. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    private StartupException notWritable(IOException cause) {
        return new StartupException("The data home " + directory
            + " cannot be written. Make it writable for this user, or name another directory in GATEHOUSE_HOME.",
            cause);
    }
}
