package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the network stack of the product is made of. */
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
}
