package dev.gatehouse.it.support;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The classes that the servers load, in an archive that their JVMs map: the tests start hundreds of processes, and each loads the same
 * thousands of classes. Made by a server that the first test starts, for all tests of the run.
 */
final class ClassArchive {

    /** Its archives also link the classes (JEP 514), and exclude those of before. */
    private static final int FIRST_WITH_AOT_CACHES = 25;
    private static final Duration START = Duration.ofSeconds(120);

    /** For short runs: an archive, if one could be made, and one compiler. A JVM that cannot use the archive is silent about it. */
    static final String JVM_OPTIONS = "-XX:TieredStopAtLevel=1 -Xlog:cds*=off:stderr -Xlog:aot*=off:stderr" + archive();

    private ClassArchive() {
    }

    private static String archive() {
        boolean linksClasses = feature() >= FIRST_WITH_AOT_CACHES;
        Path archive = Product.scratch("archive").resolve("classes.jsa");
        String port = String.valueOf(Ports.free());
        List<String> up = Product.command("up", "--port", port, "--mcp-port", String.valueOf(Ports.free()));
        Map<String, String> environment = Map.of("GATEHOUSE_HOME", Product.scratch("home").toString(), "GATEHOUSE_JVM_OPTIONS",
            "-XX:TieredStopAtLevel=1 " + (linksClasses ? "-XX:AOTCacheOutput=" : "-XX:ArchiveClassesAtExit=") + archive);
        Path log = archive.resolveSibling("log");
        ChildProcess server = ChildProcess.start(log, environment, up);
        Eventually.holds("a server answers", START, () -> Http.get("http://localhost:" + port + "/health/ready").statusCode() == 200);
        String issuer = "http://localhost:" + port;
        Journey.demo(issuer).tokens(OAuthClient.demo(issuer));
        server.terminate();
        return server.exited(START) && Files.exists(archive)
            ? (linksClasses ? " -XX:AOTCache=" : " -XX:SharedArchiveFile=") + archive : "";
    }

    /** The Java that the script has chosen. */
    private static int feature() {
        String version = Product.run(Product.command("--version"), Product.plainEnvironment(Product.scratch("home")), "").out();
        return Integer.parseInt(version.replaceAll("(?s).*\\nJava (\\d+).*", "$1"));
    }
}
