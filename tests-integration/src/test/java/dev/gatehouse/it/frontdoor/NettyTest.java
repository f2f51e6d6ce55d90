package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The network libraries of the product and of an application that uses the MCP library. */
final class NettyTest {
    private static final Pattern VERSION = Pattern.compile("<netty.version>(.+)</netty.version>");

    @Test
    void everyArtifactIsOfTheVersionOfTheParent() throws IOException {
        Matcher version = VERSION.matcher(Files.readString(Product.ROOT.resolve("pom.xml")));
        assertThat(version.find()).isTrue();
        try (Stream<String> jars = Files.list(Product.ROOT.resolve("target/lib")).map(jar -> jar.getFileName().toString())) {
            List<String> ofNetty = jars.filter(jar -> jar.startsWith("netty-")).toList();
            assertThat(ofNetty).hasSizeGreaterThan(10).allMatch(jar -> jar.endsWith("-" + version.group(1) + ".jar"));
        }
    }

    @Test
    void noArtifactIsThereInTwoVersions() throws IOException {
        try (Stream<String> jars = Files.list(Product.ROOT.resolve("target/lib")).map(jar -> jar.getFileName().toString())) {
            assertThat(jars.filter(jar -> jar.endsWith(".jar")).map(jar -> jar.replaceFirst("-[0-9].*", "")).toList()).hasSizeGreaterThan(50).doesNotHaveDuplicates();
        }
    }

    @Test
    void anApplicationThatUsesTheLibraryGetsTheVersionsOfTheProduct() throws IOException {
        List<String> named = dependencies("mcp", dependency -> true);
        try (Stream<String> jars = Files.list(Product.ROOT.resolve("target/lib")).map(jar -> jar.getFileName().toString())) {
            // CBOR belongs to the passkeys of the authorization server, which the library does not have.
            List<String> chosen = jars.filter(jar -> jar.startsWith("netty-") || jar.startsWith("jackson-") && !jar.startsWith("jackson-dataformat-cbor-"))
                .map(jar -> jar.replaceFirst("-[0-9].*", "")).toList();
            assertThat(chosen).contains("netty-codec-http2", "jackson-core");
            assertThat(named).containsAll(chosen);
        }
    }

    @Test
    void anApplicationThatUsesTheLibraryGetsNothingOfTheServers() throws IOException {
        List<String> ofServers = List.of("sqlite-jdbc", "flyway-core", "picocli", "logback-classic", "vertx-launcher-application",
            "vertx-hazelcast");
        List<String> passedOn = new ArrayList<>();
        for (String module : List.of("mcp", "shared")) {
            passedOn.addAll(dependencies(module, dependency -> dependency.select("optional:contains(true), scope:contains(test)").isEmpty()));
        }
        assertThat(passedOn).contains("vertx-web", "slf4j-api").doesNotContainAnyElementsOf(ofServers);
        assertThat(dependencies("shared", dependency -> true)).containsAll(ofServers);
    }

    private static List<String> dependencies(String module, Predicate<Element> which) throws IOException {
        Element pom = Jsoup.parse(Files.readString(Product.ROOT.resolve(module + "/pom.xml")), "", Parser.xmlParser());
        return pom.select("project > dependencies > dependency").stream().filter(which)
            .map(dependency -> dependency.select("> artifactId").text()).toList();
    }
}
