package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Eventually;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Product;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.shared.jose.UnverifiedJwt;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The next signing key takes over on two nodes while clients come and go. */
@Order(2)
final class KeyRotationIT {
    /** Longer than the interval in which the MCP server fetches the keys. */
    private static final int AHEAD_SECONDS = 15;

    private final List<String> tokens = new ArrayList<>();

    @Test
    void noTokenIsRefusedWhileKeysRotate() {
        try (RunningGatehouse gatehouse = RunningGatehouse.configured(
            new JsonObject().put("tokens", new JsonObject().put("format", "jwt"))
                .put("signing", new JsonObject().put("publishAheadSeconds", AHEAD_SECONDS)),
            new JsonObject().put("localJwt", new JsonObject().put("enabled", true))
                .put("introspection", new JsonObject().put("cacheSeconds", 1)))) {
            List<String> nodes = List.of(gatehouse.issuer(), gatehouse.secondNode());
            String first = useOfNewToken(gatehouse, nodes.get(0));
            assertThat(useOfNewToken(gatehouse, nodes.get(1))).isEqualTo(first);
            Product.Result rotated = gatehouse.run("key", "rotate", "-conf", gatehouse.configuration());
            assertThat(rotated.exitCode()).as(rotated.err()).isZero();
            Eventually.holds("both nodes publish the next key", Duration.ofSeconds(10),
                () -> nodes.stream().allMatch(node -> published(node).size() == 2));
            Set<String> after = new TreeSet<>();
            Eventually.holds("both nodes sign with it", Duration.ofSeconds(60), () -> {
                after.clear();
                nodes.forEach(node -> after.add(useOfNewToken(gatehouse, node)));
                return !after.contains(first);
            });
            assertThat(after).hasSize(1);
            tokens.forEach(token -> assertThat(McpSession.admits(gatehouse.mcp(), token)).as("a token of before").isTrue());
            nodes.forEach(node -> assertThat(published(node)).contains(first));
        }
    }

    /** Gets a token from one node, uses it at once, and returns the identifier of the key that signed it. */
    private String useOfNewToken(RunningGatehouse gatehouse, String node) {
        HttpResponse<String> answer = Http.post(node + "/oauth/token", Http.FORM, "grant_type=client_credentials",
            "Authorization", OAuthClient.basic(OAuthClient.TEST_ID, OAuthClient.TEST_SECRET));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String token = new JsonObject(answer.body()).getString("access_token");
        String kid = UnverifiedJwt.parse(token).kid();
        assertThat(published(node)).contains(kid);
        assertThat(McpSession.admits(gatehouse.mcp(), token)).as("a token by " + kid).isTrue();
        tokens.add(token);
        return kid;
    }

    private static List<String> published(String node) {
        JsonArray keys = new JsonObject(Http.get(node + "/oauth/jwks").body()).getJsonArray("keys");
        List<String> kids = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            kids.add(keys.getJsonObject(i).getString("kid"));
        }
        return kids;
    }
}
