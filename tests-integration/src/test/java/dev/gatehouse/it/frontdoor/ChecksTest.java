package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** CHECKS.md names for each check a test that exists, or the reason why there is none. */
final class ChecksTest {
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+)\\.(\\w+)`");

    @Test
    void everyCheckIsProvenByTestsThatExist() throws IOException {
        Map<String, String> sources = sources();
        List<String> rows = Files.readAllLines(Product.ROOT.resolve("tests-integration/CHECKS.md")).stream()
            .filter(line -> line.startsWith("| ") && !line.startsWith("| Check ")).toList();
        assertThat(rows).hasSizeGreaterThan(100);
        for (String row : rows) {
            String proof = row.split(" \\| ")[2];
            List<MatchResult> named = TEST.matcher(proof).results().toList();
            assertThat(!named.isEmpty() || proof.startsWith("none: ")).as(row).isTrue();
            named.forEach(test -> assertThat(sources.getOrDefault(test.group(1), "")).as(test.group())
                .containsPattern("void " + test.group(2) + "\\("));
        }
    }

    private static Map<String, String> sources() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String module : List.of("shared", "authz", "mcp", "policy", "resource", "client", "tests-integration")) {
            try (Stream<Path> files = Files.walk(Product.ROOT.resolve(module).resolve("src/test/java"))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    sources.merge(file.getFileName().toString().replace(".java", ""), Files.readString(file), String::concat);
                }
            }
        }
        return sources;
    }
}
