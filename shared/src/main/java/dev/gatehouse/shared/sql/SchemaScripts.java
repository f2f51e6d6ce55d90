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
