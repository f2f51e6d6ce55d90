package dev.gatehouse.it.operation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Both servers with their data on a small file system that the test fills. Skipped if the machine cannot mount one. */
@Timeout(180)
final class FullDiskIT {

    private static final Duration SOON = Duration.ofSeconds(30);
    private final Path disk = Product.scratch("disk");
    private final Path filler = disk.resolve("filler");

    @BeforeEach
    void mount() throws Exception {
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString());
        Assumptions.assumeTrue(refusal.isEmpty(), () -> "no file system can be mounted here: " + refusal);
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    /** Returns what the command says on failure, or an empty text. */
    private static String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException absent) {
            return absent.getMessage();
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor() == 0 ? "" : output + " (exit code " + process.exitValue() + ")";
    }

    @Test
    void aFullDiskIsA503WithoutAnythingLostAndSpaceEndsIt() throws Exception {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(Files.createDirectory(disk.resolve("home")), new JsonObject(), new JsonObject())) {
            Tokens tokens = gatehouse.tokens();
            McpSession session = McpSession.open(gatehouse.mcp(), tokens.access());
            assertThat(create(session, "kept").getBoolean("isError", false)).isFalse();

            fill();
            awaitReady(gatehouse.issuer(), 503);
            awaitReady(gatehouse.mcpOrigin(), 503);
            for (int i = 0; i < 50; i++) {
                HttpResponse<String> refused = gatehouse.client().refresh(tokens.refresh());
                assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
                assertThat(refused.headers().firstValue("Retry-After")).isPresent();
                assertThat(create(session, "lost").encode()).contains("\"isError\":true", "not available at this moment");
            }
            assertThat(gatehouse.active(tokens.access())).as("reading goes on").isTrue();
            for (String origin : new String[] {gatehouse.issuer(), gatehouse.mcpOrigin()}) {
                assertThat(Http.get(origin + "/health/live").statusCode()).isEqualTo(200);
            }
            assertThat(gatehouse.output().lines().filter(line -> line.contains(" ERROR ") || line.contains(" WARN "))
                .filter(line -> line.contains("full"))).as("a line a minute").hasSizeBetween(1, 12);
            assertThat(gatehouse.output()).doesNotContain("Unhandled exception");

            Files.delete(filler);
            awaitReady(gatehouse.issuer(), 200);
            awaitReady(gatehouse.mcpOrigin(), 200);
            assertThat(gatehouse.client().refresh(tokens.refresh()).statusCode()).as("the refused ones have not spent it").isEqualTo(200);
            assertThat(create(session, "after").getBoolean("isError", false)).isFalse();
            assertThat(session.tool("list_secure_notes", new JsonObject()).encode()).contains("kept", "after").doesNotContain("lost");
        }
    }

    private static JsonObject create(McpSession session, String title) {
        return session.tool("create_secure_note", new JsonObject().put("title", title).put("content", "text"));
    }

    private static void awaitReady(String origin, int status) {
        Eventually.holds(origin + " answers " + status, SOON, () -> Http.get(origin + "/health/ready").statusCode() == status);
    }

    private void fill() throws IOException {
        byte[] block = new byte[4096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }
}
