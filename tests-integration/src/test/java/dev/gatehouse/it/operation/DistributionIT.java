package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.ChildProcess;
import dev.gatehouse.it.support.Product;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The archive that operators install, unpacked beside neither sources nor Maven nor a compiler. */
@Order(3)
final class DistributionIT {
    /** Programs of the launcher. */
    private static final List<String> PROGRAMS = List.of("bash", "env", "readlink", "dirname", "mkdir", "mv", "rm");
    private static Path archive;
    private static Path installation;
    private static Path path;

    @BeforeAll
    static void install() throws IOException {
        archive = build();
        Path directory = Product.scratch("installation");
        succeed(List.of("tar", "-xzf", archive.toString(), "-C", directory.toString()));
        installation = only(directory);
        path = Product.scratch("path");
        for (String program : PROGRAMS) {
            Files.createSymbolicLink(path.resolve(program), Path.of("/usr/bin", program));
        }
        Files.createSymbolicLink(path.resolve("java"), Path.of(System.getProperty("java.home"), "bin", "java"));
    }

    @Test
    void twoBuildsGiveTheSameBytes() throws IOException {
        assertThat(Files.mismatch(build(), archive)).isEqualTo(-1);
    }

    @Test
    void bothServersStartWithoutSourcesMavenAndCompiler() {
        int port = Ports.free();
        int mcpPort = Ports.free();
        List<String> up = installed("up", "--port", String.valueOf(port), "--mcp-port", String.valueOf(mcpPort));
        try (ChildProcess servers = ChildProcess.start(Product.scratch("log").resolve("up.log"), Map.of(), up)) {
            Eventually.holds("both servers are ready", Duration.ofSeconds(60), () -> servers.alive()
                && Http.get("http://localhost:" + port + "/health/ready").statusCode() == 200
                && Http.get("http://localhost:" + mcpPort + "/health/ready").statusCode() == 200);
            assertThat(servers.output()).doesNotContain("building");
        }
    }

    /** The script itself runs them, which takes minutes. */
    @Test
    void commandsOfTheOperationsPageForTwoNodesAreAScript() {
        Product.Result commands = Product.run(List.of(Product.ROOT.resolve("deploy/try-operations").toString(), "--print"), Map.of(), "");
        assertThat(commands.exitCode()).as(commands.err()).isZero();
        assertThat(commands.out()).contains("initdb -D database", "haproxy -D", "prometheus --config.file", "kill -9", "replace authz 2 9002",
            "gatehouse key rotate", "gatehouse store restore authz");
        Product.Result parsed = Product.run(List.of("bash", "-n"), Map.of(), commands.out());
        assertThat(parsed.exitCode()).as(parsed.err()).isZero();
    }

    @Test
    void commandsOfDevelopersSayThatTheyNeedTheSources() {
        Product.Result refused = Product.run(installed("test"), Map.of(), "");
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("gatehouse: test needs the sources. This is an installation from the archive.\n");
        Product.Result allowed = Product.run(installed("--version"), Map.of(), "");
        assertThat(allowed.exitCode()).isZero();
        assertThat(allowed.out()).contains(installation.getFileName().toString().substring("gatehouse-".length()));
    }

    @Test
    void theFirstCommandsMakeAClassArchiveAndSayNothingOfIt() {
        Path cache = installation.resolve("cache");
        Product.Result first = Product.run(installed("chat", "--help"), Map.of(), "");
        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).isEmpty();
        assertThat(names(cache)).singleElement().asString().matches("client-.*\\.jsa\\.[0-9]+");
        assertThat(Product.run(installed("chat", "--help"), Map.of(), "")).isEqualTo(first);
        // The second command does not wait for the archive, which another process makes.
        Eventually.holds("the archive alone is there", Duration.ofSeconds(120),
            () -> names(cache).size() == 1 && names(cache).get(0).matches("client-.*\\.jsa"));
        assertThat(Product.run(installed("chat", "--help"), Map.of(), "")).isEqualTo(first);
    }

    @Test
    void archiveHasLicenceExamplesUnitsAndTheFilesForOperators() {
        assertThat(List.of("LICENSE", "README.md", "conf/authz.json", "conf/resource.json", "ops/alerts.yml", "docs/operations.md",
            "systemd/gatehouse-authz.service", "systemd/gatehouse-mcp.service", "gatehouse.cmd"))
            .allMatch(name -> Files.isRegularFile(installation.resolve(name)));
        assertThat(installation.resolve("gatehouse-dev")).doesNotExist();
    }

    @Test
    void debianPackageHasACommandUnitsAndConfigurationsThatAnUpgradeKeeps() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/dpkg-deb")), "dpkg-deb makes the package");
        Path output = Product.scratch("deb");
        succeed(List.of(Product.ROOT.resolve("gatehouse-dev").toString(), "dist", "--deb", "--no-sbom", "--output", output.toString()));
        Path root = Product.scratch("root");
        succeed(List.of("dpkg-deb", "--raw-extract", only(output).toString(), root.toString()));
        assertThat(Files.readString(root.resolve("DEBIAN/control"))).contains("Package: gatehouse\n", "Architecture: all\n", "java17-runtime-headless").doesNotContainPattern("@[A-Z]+@");
        assertThat(Files.readAllLines(root.resolve("DEBIAN/conffiles"))).hasSize(2)
            .allMatch(file -> Files.isRegularFile(root.resolve(file.substring(1))));
        assertThat(List.of("postinst", "prerm", "postrm")).allMatch(script -> Files.isExecutable(root.resolve("DEBIAN").resolve(script)));
        for (String server : List.of("authz", "mcp")) {
            String unit = Files.readString(root.resolve("usr/lib/systemd/system/gatehouse-" + server + ".service"));
            assertThat(unit).contains("ExecStart=/usr/lib/gatehouse/gatehouse " + server).doesNotContain("/opt/");
        }
        Product.Result version = Product.run(List.of("/usr/bin/env", "-i", "PATH=" + path, "HOME=" + Product.scratch("empty"),
            root.resolve("usr/bin/gatehouse").toString(), "--version"), Map.of(), "");
        assertThat(version.exitCode()).as(version.err()).isZero();
    }

    @Test
    void launcherOfWindowsPassesTheOptionsOfTheOtherOne() throws IOException {
        String shell = Files.readString(installation.resolve("gatehouse"));
        String windows = Files.readString(installation.resolve("gatehouse.cmd"));
        Matcher options = Pattern.compile("\noptions=\\(-Dgatehouse.command=\\S+ ([^)]+)\\)").matcher(shell);
        assertThat(options.find()).isTrue();
        assertThat(windows).contains("set \"options=" + options.group(1).replaceAll("\\s+", " ") + "\"");
        Matcher ofVersion = Pattern.compile("if \\[ \"\\$feature\" -ge (\\d+) \\]; then options\\+=\\((\\S+)\\); fi").matcher(shell);
        List<String> perVersion = ofVersion.results().map(found -> "if %feature% GEQ " + found.group(1) + " set \"options=%options% " + found.group(2) + "\"").toList();
        assertThat(perVersion).hasSize(2).allMatch(windows::contains);
        Matcher servers = Pattern.compile("\n    ([a-z|]+)\\) start_server ;;").matcher(shell);
        assertThat(servers.find()).isTrue();
        assertThat(servers.group(1).split("\\|")).allMatch(command -> windows.contains("if /i \"%~1\"==\"" + command + "\" set \"heap=-Xmx1g\""));
        assertThat(windows.lines().filter(line -> line.contains("set \"heap=-Xmx1g\""))).as("and the MCP server over HTTP").hasSize(servers.group(1).split("\\|").length);
    }

    private static Path build() {
        Path output = Product.scratch("dist");
        succeed(List.of(Product.ROOT.resolve("gatehouse-dev").toString(), "dist", "--no-sbom", "--output", output.toString()));
        return only(output);
    }

    private static void succeed(List<String> command) {
        Product.Result result = Product.run(command, Map.of(), "");
        assertThat(result.exitCode()).as(result.err()).isZero();
    }

    /** A command of the installation with an environment of its own: an empty home, and a PATH without Maven and a compiler. */
    private static List<String> installed(String... arguments) {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "-i", "PATH=" + path, "HOME=" + Product.scratch("empty"),
            installation.resolve("gatehouse").toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private static List<String> names(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("client")).toList();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Path only(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
