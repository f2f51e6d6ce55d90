package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The MCP library for another project: installed by the command of the documentation, and used as the documentation shows. */
@Gatehouse
@Order(3)
final class LibraryIT {
    private static final Duration BUILD = Duration.ofMinutes(4);
    private static final Duration START = Duration.ofSeconds(60);
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final String LIBRARY = "dev/gatehouse/gatehouse-";
    private static final Path DOCUMENTATION = Product.ROOT.resolve("docs/mcp-library.md");
    private final RunningGatehouse gatehouse;

    LibraryIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void libraryIsInstalledAndTheServerOfTheDocumentationRunsOnIt() throws IOException {
        Path repository = repository();
        maven(sources(), repository, installCommand());
        for (String module : new String[] {"shared", "mcp"}) {
            assertThat(entries(repository, module, "-sources")).anyMatch(name -> name.endsWith(".java"));
            assertThat(entries(repository, module, "-javadoc")).contains("index.html");
        }
        assertThat(entries(repository, "mcp", "-sources")).contains("dev/gatehouse/mcp/McpRouter.java");
        assertThat(entries(repository, "mcp", "-javadoc")).contains("dev/gatehouse/mcp/McpRouter.html");

        int port = Ports.free();
        Path project = project(port);
        maven(project, repository, List.of("compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath", "-Dmdep.includeScope=runtime"));
        String classPath = Files.readString(project.resolve("classpath")).strip();
        assertThat(classPath).contains(repository.resolve(LIBRARY + "mcp").toString()).doesNotContain(Product.ROOT.resolve("target/lib").toString());
        assertThat(Arrays.stream(classPath.split(":")).map(jar -> Path.of(jar).getFileName().toString()))
            .noneMatch(jar -> jar.matches("(sqlite|flyway|picocli|jline|logback|hazelcast|password4j|pebble|gatehouse-(authz|resource|client|fixtures)).*"));
        requireAddition(List.of(Path.of(JAVA_HOME, "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp",
            project.resolve("target/classes") + ":" + classPath, "dev.gatehouse.example.Calculator"), "http://localhost:" + port + "/mcp");
    }

    private void requireAddition(List<String> command, String url) {
        try (ChildProcess server = ChildProcess.start(Product.scratch("log").resolve("calculator.log"), Map.of(), command)) {
            Eventually.holds("the server answers", START, () -> {
                assertThat(server.alive()).as(server.output()).isTrue();
                return Http.post(url, Http.JSON, "{}").statusCode() == 401;
            });
            McpSession session = McpSession.open(url, gatehouse.tokens("resource", url).access());
            JsonObject sum = session.tool("add", new JsonObject().put("a", 2).put("b", 3));
            assertThat(sum.getJsonArray("content").getJsonObject(0).getString("text")).isEqualTo("5.0");
            assertThat(McpSession.admits(url, gatehouse.tokens().access())).as("a token for another server").isFalse();
        }
    }

    /** A local repository without this project; of everything else it has what Maven has fetched for the build of this project. */
    private static Path repository() throws IOException {
        Path repository = Product.scratch("repository");
        link(Path.of(System.getProperty("gatehouse.repository")), repository, "dev");
        link(Path.of(System.getProperty("gatehouse.repository")).resolve("dev"), Files.createDirectory(repository.resolve("dev")), "gatehouse");
        return repository;
    }

    private static void link(Path from, Path to, String except) throws IOException {
        if (Files.isDirectory(from)) {
            try (Stream<Path> all = Files.list(from)) {
                for (Path each : all.filter(path -> !path.endsWith(except)).toList()) {
                    Files.createSymbolicLink(to.resolve(each.getFileName()), each);
                }
            }
        }
    }

    /** A copy of what the library is built from, so that this build leaves the files of the tests' own alone. */
    private static Path sources() throws IOException {
        Path copy = Product.scratch("library");
        try (Stream<Path> files = Files.walk(Product.ROOT, 1)) {
            for (Path directory : files.filter(path -> Files.exists(path.resolve("pom.xml"))).toList()) {
                copy(directory.resolve("pom.xml"), copy);
            }
        }
        for (String module : new String[] {"fixtures", "shared", "mcp"}) {
            try (Stream<Path> files = Files.walk(Product.ROOT.resolve(module).resolve("src/main"))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    copy(file, copy);
                }
            }
        }
        return copy;
    }

    private static void copy(Path file, Path to) throws IOException {
        Path target = to.resolve(Product.ROOT.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
    }

    private static List<String> installCommand() throws IOException {
        String command = block("sh");
        assertThat(command).startsWith("mvn ").endsWith(" install\n");
        return List.of(command.strip().substring(4).split(" "));
    }

    /** The first block of the documentation in this language. */
    private static String block(String language) throws IOException {
        return find("```" + language + "\n(.*?)```", Files.readString(DOCUMENTATION));
    }

    private static String find(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(text);
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    /** The project of an application, with the dependency and the server that the documentation shows, at the ports of this run. */
    private Path project(int port) throws IOException {
        Path project = Product.scratch("application");
        StringBuilder plugins = new StringBuilder();
        String parent = Files.readString(Product.ROOT.resolve("pom.xml"));
        for (String plugin : new String[] {"resources", "compiler", "dependency"}) {
            plugins.append("<plugin><artifactId>maven-%s-plugin</artifactId><version>%s</version></plugin>".formatted(plugin,
                find("<" + plugin + "\\.plugin>(.*?)<", parent)));
        }
        Files.writeString(project.resolve("pom.xml"), """
            <project xmlns="http://maven.apache.org/POM/4.0.0">
              <modelVersion>4.0.0</modelVersion>
              <groupId>com.example</groupId>
              <artifactId>calculator</artifactId>
              <version>1</version>
              <properties>
                <maven.compiler.release>17</maven.compiler.release>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
              </properties>
              %s
              <build><pluginManagement><plugins>%s</plugins></pluginManagement></build>
            </project>
            """.formatted(block("xml"), plugins));
        Path source = project.resolve("src/main/java/dev/gatehouse/example/Calculator.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, block("java").replace("8080", String.valueOf(port)).replace("http://localhost:9000", gatehouse.issuer()));
        return project;
    }

    private static void maven(Path directory, Path repository, List<String> goals) {
        // One test run compiles and tests these sources already.
        List<String> command = new ArrayList<>(List.of("mvn", "-o", "-q", "-B", "-f", directory.toString(), "-Dmaven.test.skip",
            "-Dmaven.repo.local=" + repository));
        command.addAll(goals);
        try (ChildProcess maven = ChildProcess.start(Product.scratch("log").resolve("maven.log"),
            Map.of("JAVA_HOME", JAVA_HOME, "MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"), command)) {
            assertThat(maven.exited(BUILD)).as(maven.output()).isTrue();
            assertThat(maven.exitCode()).as(maven.output()).isZero();
        }
    }

    private static List<String> entries(Path repository, String module, String classifier) throws IOException {
        try (JarFile jar = new JarFile(repository.resolve(LIBRARY + module + "/0.1.0/gatehouse-" + module + "-0.1.0" + classifier + ".jar").toFile())) {
            return jar.stream().map(entry -> entry.getName()).toList();
        }
    }
}
