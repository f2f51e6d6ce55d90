import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes {@code THIRD-PARTY.md}, the list of the libraries with their licences, and {@code licenses}, the licence and notice files of
 * their jars, for the staged archive that is its argument. Fails if the bill of materials lacks a jar or the licence of one.
 */
final class ThirdParty {
    private static final Pattern LEGAL = Pattern.compile("(?:META-INF/(?:license/|licenses/)?)?((?:LICENSE|NOTICE|COPYING)[\\w.-]*)",
        Pattern.CASE_INSENSITIVE);

    private ThirdParty() {
    }

    public static void main(String[] arguments) throws IOException {
        Path stage = Path.of(arguments[0]);
        TreeMap<String, JsonObject> components = new TreeMap<>();
        new JsonObject(Files.readString(stage.resolve("sbom.cdx.json"))).getJsonArray("components").stream().map(JsonObject.class::cast)
            .forEach(component -> components.put(component.getString("name") + "-" + component.getString("version") + ".jar", component));
        List<String> lines = new ArrayList<>(List.of("# Third-party libraries", "",
            "The archive contains these libraries. `licenses/` has the licence and notice files of their jars.", "",
            "| Library | Version | Licence | Home |", "|---|---|---|---|"));
        for (Path jar : jars(stage.resolve("lib"))) {
            String name = jar.getFileName().toString();
            JsonObject component = components.get(name);
            if (component == null) {
                throw new IllegalStateException("The bill of materials has no component for " + name + ".");
            }
            if (!"dev.gatehouse".equals(component.getString("group"))) {
                lines.add("| " + component.getString("group") + ":" + component.getString("name") + " | " + component.getString("version")
                    + " | " + licences(name, component) + " | " + home(component) + " |");
                copyLegalFiles(jar, stage.resolve("licenses").resolve(name.substring(0, name.length() - ".jar".length())));
            }
        }
        Files.write(stage.resolve("THIRD-PARTY.md"), lines);
    }

    private static List<Path> jars(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static String licences(String jar, JsonObject component) {
        String text = component.getJsonArray("licenses", new JsonArray()).stream().map(JsonObject.class::cast)
            .map(entry -> entry.getString("expression") != null ? entry.getString("expression") : named(entry.getJsonObject("license")))
            .collect(Collectors.joining(", "));
        if (text.isEmpty()) {
            throw new IllegalStateException("The bill of materials names no licence of " + jar + ".");
        }
        return text;
    }

    private static String named(JsonObject licence) {
        return licence.getString("id", licence.getString("name"));
    }

    private static String home(JsonObject component) {
        return component.getJsonArray("externalReferences", new JsonArray()).stream().map(JsonObject.class::cast)
            .filter(reference -> "website".equals(reference.getString("type"))).map(reference -> reference.getString("url"))
            .findFirst().orElse("");
    }

    private static void copyLegalFiles(Path jar, Path directory) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            for (JarEntry entry : file.stream().filter(entry -> LEGAL.matcher(entry.getName()).matches() && !entry.isDirectory()).toList()) {
                Files.createDirectories(directory);
                try (InputStream content = file.getInputStream(entry)) {
                    Files.write(directory.resolve(entry.getName().substring(entry.getName().lastIndexOf('/') + 1)), content.readAllBytes());
                }
            }
        }
    }
}
