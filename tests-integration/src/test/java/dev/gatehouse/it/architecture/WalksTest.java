package dev.gatehouse.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables of {@code docs/architecture.md}, the maps of modules and rooms and those that follow a request from file to file, agree with the sources. */
final class WalksTest {
    private static final Path PAGE = Product.ROOT.resolve("docs/architecture.md");
    private static final Pattern ROW = Pattern.compile("\\| \\[`([\\w/]+)`]\\(([^)]+)\\) \\| (?:`(\\w+)`)? ?\\|.*");
    private static final Pattern FIRST_CELL = Pattern.compile("\\| (`[^|]+) \\|.*");
    private static final Pattern NAME = Pattern.compile("`([^`]+)`");
    private static final Pattern PARENTS = Pattern.compile("\\b(?:class|record|interface|enum) \\w+[^{]*?\\b(?:implements|extends) ([^{]+)\\{");

    /** A file of a walk. @param caller the name of the class that uses it; null for the first file */
    private record Step(String path, Path file, String caller) {

        String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"How a code is redeemed, 11", "In the stateful revisions, 9", "In revision 2026-07-28, 10"})
    void everyFileOfAWalkIsUsedByTheFileThatTheTableNames(String heading, int files) throws IOException {
        List<Step> walk = walk(heading);
        assertThat(walk).hasSize(files);
        Map<String, String> sources = new HashMap<>();
        for (Step step : walk) {
            assertThat(step.file()).exists();
            assertThat(step.file().toString()).endsWith(step.path() + ".java");
            String source = Files.readString(step.file());
            if (step.caller() == null) {
                assertThat(sources).as("files before the first").isEmpty();
            } else {
                assertThat(sources).as("files before " + step.name()).containsKey(step.caller());
                assertThat(uses(sources.get(step.caller()), step.name(), source)).as(step.caller() + " uses " + step.name()).isTrue();
            }
            sources.put(step.name(), source);
        }
    }

    @Test
    void everyModuleIsOnTheMap() throws IOException {
        List<String> modules = Pattern.compile("<module>(.+)</module>").matcher(Files.readString(Product.ROOT.resolve("pom.xml"))).results()
            .map(module -> module.group(1)).toList();
        assertThat(modules).hasSizeGreaterThan(5);
        assertThat(names("Modules")).containsExactlyInAnyOrderElementsOf(modules);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shared", "authz", "mcp", "client"})
    void everyRoomOfAModuleIsOnItsMap(String module) throws IOException {
        Path root = Product.ROOT.resolve(module + "/src/main/java/dev/gatehouse/" + module);
        try (Stream<Path> entries = Files.list(root)) {
            List<String> rooms = entries.filter(Files::isDirectory).map(room -> room.getFileName().toString()).toList();
            assertThat(names("Inside `" + module + "`")).containsExactlyInAnyOrderElementsOf(rooms);
        }
    }

    /** The names in the first cells of a table. */
    private static List<String> names(String heading) throws IOException {
        return section(heading).stream().map(FIRST_CELL::matcher).filter(Matcher::matches)
            .flatMap(row -> NAME.matcher(row.group(1)).results()).map(name -> name.group(1)).toList();
    }

    @Test
    void aClassIsUsedByItsNameOrByATypeThatItImplements() {
        String grant = "/** A grant. */\nfinal class CodeGrant implements Grant {\n}";
        assertThat(uses("class Endpoint { CodeGrant grant; }", "CodeGrant", grant)).isTrue();
        assertThat(uses("class Endpoint { List<Grant> grants; }", "CodeGrant", grant)).isTrue();
        assertThat(uses("// CodeGrant\nclass Endpoint { String text = \"CodeGrant\"; }", "CodeGrant", grant)).isFalse();
    }

    private static List<Step> walk(String heading) throws IOException {
        return section(heading).stream().map(ROW::matcher).filter(Matcher::matches)
            .map(row -> new Step(row.group(1), PAGE.resolveSibling(row.group(2)).normalize(), row.group(3))).toList();
    }

    /** The lines between a heading and the next one. */
    private static List<String> section(String heading) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        return lines.stream().dropWhile(line -> !line.replaceFirst("^#+ ", "").equals(heading)).skip(1).takeWhile(line -> !line.startsWith("#")).toList();
    }

    private static boolean uses(String caller, String name, String source) {
        String code = withoutComments(caller);
        List<String> names = new ArrayList<>(List.of(name));
        Matcher parents = PARENTS.matcher(withoutComments(source));
        if (parents.find()) {
            names.addAll(List.of(parents.group(1).strip().split("[\\s,]+")));
        }
        return names.stream().anyMatch(each -> Pattern.compile("\\b" + Pattern.quote(each) + "\\b").matcher(code).find());
    }

    /** Removes comments, texts and imports, which are no use of a class. */
    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//[^\\n]*", "").replaceAll("\"(?:\\\\.|[^\"\\\\\\n])*\"", "\"\"")
            .replaceAll("(?m)^import .*$", "");
    }
}
