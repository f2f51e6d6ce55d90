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
 * The directory of databases and keys: {@code $GATEHOUSE_HOME}, else {@code ~/.gatehouse}. It is never the working
 * directory, because MCP hosts start stdio servers in any directory. Blocking.
 *
 * @param directory the absolute path of the directory
 */
public record DataHome(Path directory) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Pattern OURS = Pattern.compile("(authz|notes)\\.db.*|keys|credentials|chat_history|log-levels(\\.new)?|mcp_config\\.json");

    /**
     * {@return the data home that an environment names} Does not access the file system.
     *
     * @param environment the environment variables
     */
    public static DataHome of(Map<String, String> environment) {
        String named = environment.get("GATEHOUSE_HOME");
        Path directory = named == null || named.isBlank() ? userHome(environment).resolve(".gatehouse") : Path.of(named);
        return new DataHome(directory.toAbsolutePath().normalize());
    }

    /** The directory that a shell calls {@code ~}. It can differ from the user's entry in the system. */
    private static Path userHome(Map<String, String> environment) {
        String home = environment.get("HOME");
        return Path.of(home == null || home.isBlank() ? System.getProperty("user.home") : home);
    }

    /**
     * Creates the directory for its owner only, or removes the access of others to an existing one.
     *
     * @return this
     * @throws StartupException when it cannot be created or written, or when others have access and it holds other files
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
        // GATEHOUSE_HOME may name /tmp or a shared directory by mistake; its access must not change.
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

    /**
     * Resolves a file name against the data home. An absolute name stays the same.
     *
     * @param name an absolute name, or one below the data home
     * @return the path of the file
     */
    public Path file(String name) {
        return directory.resolve(name);
    }

    private StartupException notWritable(IOException cause) {
        return new StartupException("The data home " + directory
            + " cannot be written. Make it writable for this user, or name another directory in GATEHOUSE_HOME.",
            cause);
    }
}
