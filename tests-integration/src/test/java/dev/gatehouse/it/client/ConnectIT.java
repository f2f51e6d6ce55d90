package dev.gatehouse.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** {@code gatehouse connect} at both servers of the product. */
@Gatehouse
@ResourceLock(value = "notes of the demo user", mode = ResourceAccessMode.READ)
final class ConnectIT {

    private final RunningGatehouse gatehouse;
    private final Map<String, String> environment = Product.environment(Product.scratch("client"));

    ConnectIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @ParameterizedTest
    @CsvSource({"/mcp,http,2026-07-28", "/mcp,http,2025-11-25", "/mcp,http,2025-03-26", "/sse,sse,2024-11-05", "/sse,http,2024-11-05"})
    void callsAToolAfterALoginInTheBrowserOverEachTransportAndRevision(String path, String transport, String revision) {
        String[] version = transport.equals("http") && path.equals("/sse") ? new String[0] : new String[] {"--protocol-version", revision};
        String[] arguments = concat(new String[] {"connect", gatehouse.mcpOrigin() + path, "--no-browser", "--transport", transport,
            "--call", "get_user_profile", "--json"}, version);
        try (TypedProcess connect = TypedProcess.start(environment, arguments)) {
            String page = Http.get(gatehouse.journey().allow(connect.authorizationUrl()).toString()).body();
            assertThat(page).contains("You may close this window");
            assertThat(connect.exitCode()).as(connect.err()).isZero();
            assertThat(new JsonObject(connect.out()).getJsonObject("structuredContent").getString("user_id")).isEqualTo("testuser");
            assertThat(connect.err()).contains("Authorization server: " + gatehouse.issuer());
        }
    }

    @Test
    void theAuthorizationServerIsShownBeforeItsAddress() {
        try (TypedProcess connect = TypedProcess.start(environment, "connect", gatehouse.mcp(), "--no-browser", "--list")) {
            String url = connect.authorizationUrl();
            assertThat(connect.err().indexOf("Authorization server: " + gatehouse.issuer())).isBetween(0, connect.err().indexOf(url));
            Http.get(gatehouse.journey().allow(url).toString());
            assertThat(connect.exitCode()).as(connect.err()).isZero();
            assertThat(connect.out()).contains("create_secure_note").contains("user://profile");
        }
    }

    @Test
    void theListHasTheSkillsOfAServerThatHasSome() {
        try (SkillServer server = new SkillServer()) {
            Product.Result text = Product.run(Product.scratch("client"), "connect", server.url(), "--list");
            assertThat(text.exitCode()).as(text.err()).isZero();
            assertThat(text.out()).containsPattern("skill +" + SkillServer.REFUNDS + " +How to do refunds");
            Product.Result json = Product.run(Product.scratch("client"), "connect", server.url(), "--list", "--json");
            assertThat(new JsonObject(json.out()).getJsonArray("skills").getJsonObject(0).getString("uri")).isEqualTo(SkillServer.REFUNDS);
        }
    }

    @Test
    void aRefusedLoginIsExitCodeFour() {
        try (TypedProcess connect = TypedProcess.start(environment, "connect", gatehouse.mcp(), "--no-browser", "--list")) {
            Http.get(gatehouse.journey().deny(connect.authorizationUrl()).toString());
            assertThat(connect.exitCode()).isEqualTo(4);
            assertThat(connect.err()).contains("access_denied");
            assertThat(connect.out()).isEmpty();
        }
    }

    @Test
    void aToolThatFailsIsExitCodeThree() {
        try (TypedProcess connect = TypedProcess.start(environment, "connect", gatehouse.mcp(), "--no-browser", "--call", "get_secure_note",
            "--arguments", "{\"note_id\": \"note_0\"}")) {
            Http.get(gatehouse.journey().allow(connect.authorizationUrl()).toString());
            assertThat(connect.exitCode()).as(connect.err()).isEqualTo(3);
        }
    }

    @Test
    void theGuidesServerOverStdioTakesThePastedCode() throws IOException {
        try (TypedProcess connect = TypedProcess.start(environment, "connect", "oauth-protected", "--no-browser", "--config",
            guide(gatehouse, Product.scratch("guide")).toString(), "--read", "user://profile")) {
            String url = connect.authorizationUrl();
            connect.await("Paste the authorization code");
            connect.type(pastedCode(gatehouse, url));
            assertThat(connect.exitCode()).as(connect.err()).isZero();
            assertThat(connect.out()).contains("testuser@example.com");
        }
    }

    /** The code that the page shows to a person who allows the request. */
    static String pastedCode(RunningGatehouse gatehouse, String authorizationUrl) {
        Journey journey = gatehouse.journey();
        Page page = journey.login(authorizationUrl);
        Page shown = page.body().contains("ghc_") ? page : journey.browser().submit(page, page.button("allow"));
        assertThat(shown.body()).contains("ghc_");
        return shown.body().replaceAll("(?s).*(ghc_[A-Za-z0-9_-]{43}).*", "$1");
    }

    /** The guide's configuration, at the ports of this test. */
    static Path guide(RunningGatehouse gatehouse, Path directory) throws IOException {
        String text = Files.readString(Product.ROOT.resolve("conf/mcp_config.json")).replace("http://localhost:9000", gatehouse.issuer())
            .replace("http://localhost:8001", gatehouse.mcpOrigin()).replace("./gatehouse", Product.ROOT.resolve("gatehouse").toString());
        JsonObject guide = new JsonObject(text);
        guide.getJsonArray("servers").getJsonObject(0).getJsonArray("command").add("--resource").add(gatehouse.mcp());
        return Files.writeString(directory.resolve("mcp_config.json"), guide.encode());
    }

    @Test
    void whatCannotBeReachedIsExitCodeOneAndAWrongLineTwo() {
        Path home = Product.scratch("client");
        Product.Result unreachable = Product.run(home, "connect", "http://localhost:" + Ports.free() + "/mcp", "--list");
        assertThat(unreachable.exitCode()).isEqualTo(1);
        assertThat(unreachable.err()).startsWith("gatehouse: ");
        Product.Result unknown = Product.run(home, "connect", "nothing", "--list");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).contains("nothing is neither the name of a configured server nor a URL");
        assertThat(Product.run(home, "connect", gatehouse.mcp(), "--call", "x", "--arguments", "[]").exitCode()).isEqualTo(2);
        assertThat(Product.run(home, "connect", gatehouse.mcp(), "--call", "x", "--list").exitCode()).isEqualTo(2);
    }

    private static String[] concat(String[] first, String[] second) {
        String[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
