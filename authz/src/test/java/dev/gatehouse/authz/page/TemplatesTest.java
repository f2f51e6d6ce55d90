package dev.gatehouse.authz.page;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Pages compile a template at its first use, so a start does not show an error in it. */
class TemplatesTest {

    private static final Pattern PART = Pattern.compile("\\{% (?:extends|include) \"(\\w+)\\.html\"");

    @Test
    void everyTemplateCompiles() throws IOException, URISyntaxException {
        ClasspathLoader loader = new ClasspathLoader(Pages.class.getClassLoader());
        loader.setPrefix("templates");
        PebbleEngine engine = new PebbleEngine.Builder().loader(loader).strictVariables(true)
            .addEscapingStrategy("visible", text -> text).build();
        List<Path> files = files();
        files.forEach(file -> assertThat(engine.getTemplate(file.getFileName().toString())).as(file.toString()).isNotNull());
        assertThat(files).hasSizeGreaterThan(20);
    }

    @Test
    void partsAreExactlyTheTemplatesThatOthersExtendOrInclude() throws IOException, URISyntaxException {
        Set<String> used = new TreeSet<>();
        for (Path file : files()) {
            PART.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(tag -> used.add(PART.matcher(tag).replaceFirst("$1")));
        }
        assertThat(used).containsExactlyInAnyOrderElementsOf(Pages.PARTS);
    }

    private static List<Path> files() throws IOException, URISyntaxException {
        try (Stream<Path> files = Files.list(Path.of(Pages.class.getResource("/templates").toURI()))) {
            return files.filter(file -> file.toString().endsWith(".html")).toList();
        }
    }
}
