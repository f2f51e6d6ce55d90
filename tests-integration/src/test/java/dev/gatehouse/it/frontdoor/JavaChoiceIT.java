package dev.gatehouse.it.frontdoor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The Java that the script runs: JAVA_HOME, else the java of the PATH from version 21 on, else the newest installed JDK. */
@Gatehouse
final class JavaChoiceIT {

    /** Newer than any JDK that a machine has. */
    private static final String NEWEST = "900.0.1";

    private Path scratch;
    private Map<String, String> environment;

    @BeforeEach
    void installTheNewestJdkInANewHome() throws IOException {
        scratch = Product.scratch("java");
        javaHome(scratch.resolve(".sdkman/candidates/java/newest"), NEWEST);
        environment = new HashMap<>(Product.plainEnvironment(scratch.resolve("data")));
        environment.put("HOME", scratch.toString());
        environment.put("JAVA_HOME", "");
    }

    @Test
    void javaHomeCountsFirst() throws IOException {
        environment.put("JAVA_HOME", javaHome(scratch.resolve("own"), "17.0.2").toString());
        putOnPath("25");
        assertThat(chosen()).isEqualTo("17.0.2");
    }

    @Test
    void anOldJavaHomeIsRefusedByNameRatherThanPassedOver() throws IOException {
        Path old = javaHome(scratch.resolve("old"), "11.0.20");
        environment.put("JAVA_HOME", old.toString());
        Product.Result refused = start();
        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("11.0.20", old.toString(), "version 17 or newer", "JAVA_HOME");
    }

    @Test
    void aRecentJavaOfThePathCountsBeforeANewerOne() throws IOException {
        putOnPath("21");
        assertThat(chosen()).isEqualTo("21");
    }

    @Test
    void theNewestJdkCountsBeforeAnOlderJavaOfThePath() throws IOException {
        for (String older : List.of("20.0.1", "17", "1.8.0_402")) {
            putOnPath(older);
            assertThat(chosen()).as(older).isEqualTo(NEWEST);
        }
    }

    @Test
    void aRuntimeWithoutACompilerIsNotSearchedFor() throws IOException {
        Files.delete(scratch.resolve(".sdkman/candidates/java/newest/bin/javac"));
        javaHome(scratch.resolve(".sdkman/candidates/java/second"), "899");
        putOnPath("17");
        assertThat(chosen()).isEqualTo("899");
    }

    @Test
    void aJavaHomeThatIsGoneIsPassedOver() {
        environment.put("JAVA_HOME", scratch.resolve("gone").toString());
        environment.put("PATH", System.getenv("PATH"));
        assertThat(start().exitCode()).isZero();
    }

    @Test
    void aJavaWithoutReleaseFileIsAsked() throws IOException {
        Path home = javaHome(scratch.resolve("shim"), "23.0.1");
        Files.delete(home.resolve("release"));
        environment.put("JAVA_HOME", home.toString());
        assertThat(chosen()).isEqualTo("23.0.1");
    }

    @Test
    void optionsThatAJavaDoesNotKnowAreNotGivenToIt() throws IOException {
        for (String version : List.of("17", "21")) {
            environment.put("JAVA_HOME", javaHome(scratch.resolve(version), version).toString());
            assertThat(start().out()).doesNotContain("native-access", "unsafe");
        }
        environment.put("JAVA_HOME", javaHome(scratch.resolve("25"), "25").toString());
        assertThat(start().out()).contains("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
    }

    /** JDK-8306460: without -Xbatch, the archive marks methods that no later process compiles. */
    @Test
    void anArchiveBeforeJava21IsWrittenWithoutMethodsThatWaitForTheCompiler() throws IOException {
        environment.put("GATEHOUSE_TRAINING", scratch.resolve("classes.jsa").toString());
        for (String version : List.of("17", "20", "21")) {
            environment.put("JAVA_HOME", javaHome(scratch.resolve(version), version).toString());
            List<String> arguments = start("authz").out().lines().toList();
            assertThat(arguments).as(version).contains("-XX:ArchiveClassesAtExit=" + scratch.resolve("classes.jsa"));
            assertThat(arguments.contains("-Xbatch")).as(version).isEqualTo(!version.equals("21"));
        }
        environment.remove("GATEHOUSE_TRAINING");
        assertThat(start("authz").out().lines()).noneMatch(argument -> argument.startsWith("-XX:ArchiveClassesAtExit")).doesNotContain("-Xbatch");
    }

    /** The archive of the servers fits the class path with Hazelcast because it begins with the one without. */
    @Test
    void onlyAClusterHasHazelcastOnItsClassPathAtTheEnd() throws IOException {
        environment.put("JAVA_HOME", javaHome(scratch.resolve("21"), "21").toString());
        String alone = classPath("run", "authz");
        assertThat(alone).doesNotContain("hazelcast").contains("vertx-core").isEqualTo(classPath("authz")).isEqualTo(classPath("user", "list"));
        assertThat(classPath("run", "authz", "-cluster")).startsWith(alone + ":").isEqualTo(classPath("run", "authz", "--cluster"));
        assertThat(classPath("run", "authz", "-cluster").substring(alone.length())).contains("/hazelcast-", "/vertx-hazelcast-").doesNotContain("vertx-core");
    }

    private String classPath(String... command) {
        List<String> arguments = start(command).out().lines().toList();
        return arguments.get(arguments.indexOf("-cp") + 1);
    }

    @Test
    void noJavaPrintsWarningsOfItsOwn(RunningGatehouse gatehouse) {
        assertThat(gatehouse.output()).doesNotContain("WARNING", "[error]");
        assertThat(gatehouse.run("user", "list").err()).isEmpty();
    }

    private String chosen() {
        Product.Result result = start();
        assertThat(result.err()).isEmpty();
        return result.out().lines().findFirst().orElseThrow();
    }

    private Product.Result start() {
        return start("--version");
    }

    private Product.Result start(String... command) {
        return Product.run(Product.command(command), environment, "");
    }

    private void putOnPath(String version) throws IOException {
        Path home = javaHome(scratch.resolve("path-" + version), version);
        environment.put("PATH", home.resolve("bin") + ":" + System.getenv("PATH"));
    }

    /** A JDK whose java prints its version and its arguments. */
    private static Path javaHome(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Example\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
        program(home.resolve("bin/java"), """
            #!/bin/sh
            case $1 in
              -XshowSettings*) printf '    java.home = %s\\n    java.version = %s\\n' >&2 ;;
              *) printf '%%s\\n' '%s' "$@" ;;
            esac
            """.formatted(home, version, version));
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }
}
