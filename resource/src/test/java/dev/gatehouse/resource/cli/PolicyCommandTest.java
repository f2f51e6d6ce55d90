package dev.gatehouse.resource.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

class PolicyCommandTest {

    private static final Path DOCUMENTATION = Path.of("..", "docs", "policy.md");

    @TempDir
    private Path directory;
    private Path policy;
    private Path cases;
    private StringWriter output;

    @BeforeEach
    void extract() throws IOException {
        policy = Files.writeString(directory.resolve("policy.json"), block("policy"));
        cases = Files.writeString(directory.resolve("cases.json"), block("cases"));
    }

    private static String block(String marker) throws IOException {
        String text = Files.readString(DOCUMENTATION);
        int start = text.indexOf("```json\n", text.indexOf("<!-- " + marker + " -->")) + "```json\n".length();
        return text.substring(start, text.indexOf("```", start));
    }

    private int run(Object... words) {
        output = new StringWriter();
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        return new CommandLine(new PolicyCommand()).setOut(new PrintWriter(output)).setErr(new PrintWriter(output)).execute(arguments);
    }

    @Test
    void examplesOfTheDocumentationPass() throws IOException {
        assertThat(run("check", policy)).isZero();
        assertThat(run("test", policy, cases)).as(output.toString()).isZero();
        assertThat(output.toString()).contains("6 of 6 cases passed");
        Files.writeString(cases, Files.readString(cases).replaceFirst("\"expect\": \"allow\"", "\"expect\": \"deny\""));
        assertThat(run("test", policy, cases)).isEqualTo(1);
        assertThat(output.toString()).contains("FAILED a reader reads", "5 of 6");
    }

    @Test
    void checkNamesTheFirstErrorWithItsPlace() throws IOException {
        Files.writeString(policy, Files.readString(policy).replace("caller.groups", "caller.gruops"));
        assertThat(run("check", policy)).isEqualTo(1);
        assertThat(output.toString()).contains("line 5, column ", "undeclared reference");
        assertThat(run("check", policy, "--json")).isEqualTo(1);
        assertThat(new JsonObject(output.toString()).getInteger("line")).isEqualTo(5);
        assertThat(run("check", directory.resolve("none.json"))).isEqualTo(2);
    }

    @Test
    void explanationNamesTheDecidingRule() {
        Object[] delete = {"explain", "--file", policy, "--user", "alice", "--group", "editors", "--client", "Claude", "--tool", "delete_secure_note",
            "--arguments", "{\"id\":\"note_1\"}"};
        assertThat(run(delete)).isEqualTo(1);
        assertThat(output.toString()).startsWith("require_step_up: rule recent-login-to-delete (policy ").contains("editors-write (allow): match",
            "no-agents-delete (deny): no match");
        Object[] recently = Arrays.copyOf(delete, delete.length + 3);
        recently[delete.length] = "--authenticated-seconds-ago";
        recently[delete.length + 1] = "5";
        recently[delete.length + 2] = "--json";
        assertThat(run(recently)).isZero();
        JsonObject explained = new JsonObject(output.toString());
        assertThat(explained.getString("rule")).isEqualTo("editors-write");
        assertThat(explained.getJsonArray("rules")).hasSize(5);
        assertThat(run("explain", "--file", policy, "--user", "alice", "--tool", "nothing")).isEqualTo(2);
        assertThat(output.toString()).contains("There is no tool nothing");
    }
}
