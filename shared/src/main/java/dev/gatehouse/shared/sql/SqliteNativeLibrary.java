package dev.gatehouse.shared.sql;

import org.sqlite.util.OSInfo;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;

/** Where SQLite's own code lies. */
final class SqliteNativeLibrary {

    private static final String PATH = "org.sqlite.lib.path";

    private SqliteNativeLibrary() {
    }

    /**
     * Points the driver at the copy that the build has put beside the program's jars. Without one, or with a path that
     * the operator has set, the driver does as it does by itself: it unpacks its copy into the temporary folder.
     */
    static void findBesideJars() {
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
