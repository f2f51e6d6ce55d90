package dev.gatehouse.it.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.EventStream;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.RunningGatehouse;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;

/** The HTTP+SSE transport of 2024-11-05 at the wire level. */
@Gatehouse
final class SseIT {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private final RunningGatehouse gatehouse;

    SseIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void requestsArePostedAndAnsweredOnTheStream() {
        String token = gatehouse.tokens().access();
        try (EventStream stream = open(token)) {
            String messages = endpoint(stream);
            assertThat(post(messages, token, initialize()).statusCode()).isEqualTo(202);
            JsonObject initialized = new JsonObject(stream.next(LIMIT).data());
            assertThat(initialized.getJsonObject("result").getString("protocolVersion")).isEqualTo("2024-11-05");

            post(messages, token, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            post(messages, token, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":"
                + "{\"name\":\"get_user_profile\",\"arguments\":{}}}");
            JsonObject profile = new JsonObject(stream.next(LIMIT).data());
            assertThat(profile.getInteger("id")).isEqualTo(1);
            assertThat(profile.encode()).contains("testuser@example.com");
        }
    }

    @Test
    void messagesNeedACredentialOfTheSamePrincipal() {
        String token = gatehouse.tokens().access();
        String machine = new JsonObject(gatehouse.client().clientCredentials().body()).getString("access_token");
        try (EventStream stream = open(token)) {
            String messages = endpoint(stream);
            assertThat(post(messages, null, initialize()).statusCode()).isEqualTo(401);
            assertThat(post(messages, machine, initialize()).statusCode()).isIn(403, 404);
            assertThat(post(messages, token, initialize()).statusCode()).isEqualTo(202);
        }
    }

    @Test
    void messagesOfNoSessionAreRefused() {
        String token = gatehouse.tokens().access();
        assertThat(post(gatehouse.mcpOrigin() + "/messages", token, initialize()).statusCode()).isEqualTo(400);
        assertThat(post(gatehouse.mcpOrigin() + "/messages?sessionId=nothing", token, initialize()).statusCode())
            .isEqualTo(404);
    }

    private EventStream open(String token) {
        EventStream stream = EventStream.open(Http.request(gatehouse.mcpOrigin()
            + "/sse", "Accept", "text/event-stream",
            "Authorization", "Bearer " + token).GET());
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    private String endpoint(EventStream stream) {
        EventStream.Event endpoint = stream.next(LIMIT);
        assertThat(endpoint.name()).isEqualTo("endpoint");
        return URI.create(gatehouse.mcpOrigin() + "/sse").resolve(endpoint.data()).toString();
    }

    private static HttpResponse<String> post(String url, String token, String body) {
        return Http.send(McpSession.message(url, token, body));
    }

    private static String initialize() {
        JsonObject request = McpSession.initializeRequest();
        request.getJsonObject("params").put("protocolVersion", "2024-11-05");
        return request.encode();
    }
}
