package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The libraries of the product, held to a list of published advisories. */
final class AdvisoriesTest {

    private static final Path LIST = Path.of("src", "test", "resources", "advisories.tsv");
    private static final Pattern JAR = Pattern.compile("(.+?)-([0-9][^/]*)\\.jar");

    private record Advisory(String identifier, Pattern artifact, Version fixed, String accepted) {

        boolean concerns(Library library) {
            return artifact.matcher(library.name()).matches() && library.version().compareTo(fixed) < 0;
        }
    }

    private record Library(String name, Version version) {

        static Library of(String jar) {
            Matcher parts = JAR.matcher(jar);
            assertThat(parts.matches()).as(jar).isTrue();
            return new Library(parts.group(1), Version.parse(parts.group(2).replace(".Final", "").replace(".RELEASE", "")));
        }
    }

    @Test
    void noLibraryHasAPublishedAdvisoryThatAffectsTheProduct() throws IOException {
        List<Library> libraries = libraries();
        assertThat(libraries).hasSizeGreaterThan(50);
        List<String> affected = new ArrayList<>();
        for (Advisory advisory : advisories()) {
            assertThat(libraries).as(advisory + " names a library of the product").anyMatch(library -> advisory.artifact().matcher(library.name()).matches());
            boolean concerned = libraries.stream().anyMatch(advisory::concerns);
            if (concerned && advisory.accepted().isEmpty()) {
                affected.add(advisory.identifier());
            }
            assertThat(concerned || advisory.accepted().isEmpty()).as(advisory.identifier() + " needs no reason any longer").isTrue();
        }
        assertThat(affected).isEmpty();
    }

    @Test
    void olderLibraryIsFound() throws IOException {
        Library old = Library.of("netty-codec-http-4.2.17.Final.jar");
        assertThat(advisories()).filteredOn(advisory -> advisory.concerns(old)).extracting(Advisory::identifier).containsExactly("CVE-2026-89044");
        assertThat(advisories()).noneMatch(advisory -> advisory.concerns(Library.of("netty-codec-http-4.2.18.Final.jar")));
    }

    /** CVE-2026-6860. */
    @Test
    void serversNeverEnableServerNameIndication() throws IOException {
        for (String module : List.of("shared", "authz", "mcp", "resource")) {
            try (Stream<Path> sources = Files.walk(Product.ROOT.resolve(module + "/src/main/java"))) {
                List<Path> files = sources.filter(Files::isRegularFile).toList();
                assertThat(files).isNotEmpty();
                for (Path file : files) {
                    assertThat(Files.readString(file)).as(file.toString()).doesNotContain("setSni(");
                }
            }
        }
    }

    private static List<Library> libraries() throws IOException {
        try (Stream<Path> jars = Files.list(Product.ROOT.resolve("target/lib"))) {
            return jars.map(jar -> jar.getFileName().toString()).filter(jar -> jar.endsWith(".jar")).map(Library::of).toList();
        }
    }

    private static List<Advisory> advisories() throws IOException {
        return Files.readAllLines(LIST).stream().filter(line -> !line.startsWith("#")).map(line -> line.split("\t")).map(fields -> new Advisory(fields[0],
            Pattern.compile(fields[1]), Version.parse(fields[2].replace(".Final", "")), fields.length > 3 ? fields[3] : "")).toList();
    }
}
