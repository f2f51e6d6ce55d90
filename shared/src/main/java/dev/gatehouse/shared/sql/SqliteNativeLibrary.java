package dev.gatehouse.shared.sql;

import org.sqlite.util.OSInfo;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Locates SQLite's native library. */
final class SqliteNativeLibrary {

    private static final String PATH = "org.sqlite.lib.path";

    static {
        findBesideJars();
    }

    private SqliteNativeLibrary() {
    }

    /** Does nothing more than load this class, which locates the library once: the driver starts a process to learn about the platform. */
    static void locate() {
    }

    /**
     * Points the driver to the copy that the build puts next to the program's jars. Without one, or with a path set by the
     * operator, the driver keeps its default and unpacks its own copy into the temporary directory.
     */
    private static void findBesideJars() {
        Path folder = folder();
        if (folder != null && System.getProperty(PATH) == null && Files.isDirectory(folder)) {
            System.setProperty(PATH, folder.toString());
        }
    }

    private static Path folder() {
        CodeSource source = SqliteNativeLibrary.class.getProtectionDomain().getCodeSource();
        try {
            return source == null ? null : Path.of(source.getLocation().toURI())
                .resolveSibling("native/org/sqlite/native").resolve(OSInfo.getNativeLibFolderPathForCurrentOS());
        } catch (URISyntaxException e) {
            return null;
        }
    }
}
