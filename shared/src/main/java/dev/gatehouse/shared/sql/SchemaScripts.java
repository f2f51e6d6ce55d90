package dev.gatehouse.shared.sql;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** The migrations of one class path directory, and their fingerprint. */
final class SchemaScripts {

    private SchemaScripts() {
    }

    /**
     * A number, never 0, that changes when a script is added or changed. If the database has the same number, the start skips the
     * migration library, which takes half a second to load.
     */
    static int fingerprint(String folder) throws IOException {
        CRC32 sum = new CRC32();
        for (String name : names(folder)) {
            sum.update(name.getBytes(StandardCharsets.UTF_8));
            try (InputStream script = loader().getResourceAsStream(folder + "/" + name)) {
                sum.update(script.readAllBytes());
            }
        }
        return (int) sum.getValue() | 1;
    }

    /** The scripts in the order of their versions. */
    static List<Script> all(String folder) throws IOException {
        List<Script> scripts = new ArrayList<>();
        for (String name : names(folder)) {
            try (InputStream script = loader().getResourceAsStream(folder + "/" + name)) {
                scripts.add(new Script(Long.parseLong(name.substring(1, name.indexOf("__"))), name,
                    new String(script.readAllBytes(), StandardCharsets.UTF_8)));
            }
        }
        return scripts;
    }

    /**
     * A migration, such as {@code V001__name.sql}. It extends the schema, so that the version before still works with it, or its first line
     * begins with {@code -- contract:} and names what that version loses.
     */
    record Script(long version, String name, String text) {

        private static final String CONTRACT = "-- contract:";

        boolean isContract() {
            return text.startsWith(CONTRACT);
        }

        long checksum() {
            CRC32 sum = new CRC32();
            sum.update(text.getBytes(StandardCharsets.UTF_8));
            return sum.getValue();
        }
    }

    private static List<String> names(String folder) throws IOException {
        URL url = loader().getResource(folder);
        if (url == null) {
            throw new IllegalArgumentException("No migrations on the class path under " + folder);
        }
        try (Stream<String> names = url.openConnection() instanceof JarURLConnection jar
                ? inJar(jar, folder) : inDirectory(url.toURI())) {
            return names.filter(name -> name.endsWith(".sql")).sorted().toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    private static Stream<String> inJar(JarURLConnection jar, String folder) throws IOException {
        return Collections.list(jar.getJarFile().entries()).stream()
            .map(entry -> entry.getName())
            .filter(name -> name.startsWith(folder + "/"))
            .map(name -> name.substring(folder.length() + 1));
    }

    private static Stream<String> inDirectory(URI directory) throws IOException {
        return Files.list(Path.of(directory)).map(path -> path.getFileName().toString());
    }

    private static ClassLoader loader() {
        return SchemaScripts.class.getClassLoader();
    }
}
