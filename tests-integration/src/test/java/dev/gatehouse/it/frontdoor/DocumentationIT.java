package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The links, commands, examples and tables of the documentation are right. */
@Order(3)
final class DocumentationIT {

    private static final Pattern LINK = Pattern.compile("(?:\\]\\(|src=\")(?!https?:)([^)\"#]*)(#[^)\"]*)?[)\"]");
    private static final Pattern JSON = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SHELL = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("\\./gatehouse ((?:[^#)\n&\\\\]|\\\\\n)+)");
    private static final Pattern MANAGED = Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>");
    /** The script itself has these. */
    private static final Set<String> OF_THE_SCRIPT = Set.of("test", "bench");
    private static final Set<String> WITH_SUBCOMMANDS = Set.of("audit", "user", "client", "key", "init");
    private static final int README_BYTES = 12_000;
    private static final int IMAGE_BYTES = 80_000;

    private static List<Path> pages() throws IOException {
        try (Stream<Path> root = Files.list(Product.ROOT); Stream<Path> docs = Files.list(Product.ROOT.resolve("docs"))) {
            List<Path> pages = Stream.concat(root, docs).filter(each -> each.toString().endsWith(".md")).sorted().toList();
            assertThat(pages).hasSizeGreaterThan(10);
            return pages;
        }
    }

    @Test
    void linksLeadToFilesAndHeadings() throws IOException {
        for (Path page : pages()) {
            for (MatchResult link : LINK.matcher(Files.readString(page)).results().toList()) {
                Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1)).normalize();
                assertThat(target).as(page + " " + link.group()).exists();
                if (link.group(2) != null) {
                    assertThat(headings(target)).as(page + " " + link.group()).contains(link.group(2));
                }
            }
        }
    }

    /** The anchors that GitHub gives the headings of a page. */
    private static List<String> headings(Path page) throws IOException {
        return Files.readAllLines(page).stream().filter(line -> line.startsWith("#"))
            .map(line -> "#" + line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
            .toList();
    }

    @Test
    void theReadmeAndItsImagesAreShort() throws IOException {
        assertThat(Product.ROOT.resolve("README.md").toFile().length()).isLessThan(README_BYTES);
        try (Stream<Path> images = Files.list(Product.ROOT.resolve("docs/images"))) {
            assertThat(images).hasSizeGreaterThan(1).allMatch(image -> image.toFile().length() < IMAGE_BYTES);
        }
    }

    @Test
    void examplesOfJsonAreJson() throws IOException {
        int examples = 0;
        for (Path page : pages()) {
            for (MatchResult block : JSON.matcher(Files.readString(page)).results().toList()) {
                assertThat(Json.decodeValue(block.group(1))).as(page + " " + block.group()).isInstanceOfAny(JsonObject.class, JsonArray.class);
                examples++;
            }
        }
        assertThat(examples).isGreaterThan(5);
    }

    @Test
    void everyManagedLibraryIsInTheTableOfDependencies() throws IOException {
        String readme = Files.readString(Product.ROOT.resolve("README.md"));
        String table = readme.substring(readme.indexOf("## Dependencies")).split("\n## ", 2)[0];
        String pom = Files.readString(Product.ROOT.resolve("pom.xml"));
        List<String> managed = MANAGED.matcher(pom.substring(pom.indexOf("<dependencyManagement>"), pom.indexOf("</dependencyManagement>"))).results()
            .map(match -> match.group(1)).filter(name -> !name.startsWith("gatehouse-")).toList();
        assertThat(managed).hasSizeGreaterThan(10).allSatisfy(name -> assertThat(table).as(name).contains("`" + name + "`"));
    }

    @Test
    void commandsExistWithTheOptionsThatTheyAreGiven() throws IOException {
        Map<String, String> helps = new HashMap<>();
        for (Path page : pages()) {
            String shell = SHELL.matcher(Files.readString(page)).results().map(block -> block.group(1)).collect(Collectors.joining());
            for (MatchResult command : COMMAND.matcher(shell).results().toList()) {
                List<String> words = Arrays.asList(command.group(1).trim().split("\\s+"));
                if (!OF_THE_SCRIPT.contains(words.get(0))) {
                    String help = helps.computeIfAbsent(name(words), DocumentationIT::help);
                    words.stream().filter(word -> word.startsWith("-")).forEach(option -> assertThat(help).as(page + " " + command.group())
                        .containsPattern("(?m)[ ,]" + Pattern.quote(option) + "\\b"));
                }
            }
        }
        assertThat(helps).hasSizeGreaterThan(10);
    }

    private static String name(List<String> words) {
        return WITH_SUBCOMMANDS.contains(words.get(0)) ? words.get(0) + " " + words.get(1) : words.get(0);
    }

    private static String help(String name) {
        List<String> arguments = new ArrayList<>(List.of(name.split(" ")));
        arguments.add("--help");
        Product.Result run = Product.run(Product.scratch("help"), arguments.toArray(String[]::new));
        assertThat(run.exitCode()).as(name + " " + run.err()).isZero();
        return run.out();
    }
}
