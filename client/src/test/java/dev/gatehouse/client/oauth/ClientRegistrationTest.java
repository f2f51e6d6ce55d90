package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.client.http.HttpCaller;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The registration of this client at an authorization server, which later logins use again. */
final class ClientRegistrationTest {

    private static final String CALLBACK = "http://127.0.0.1:50000/callback";
    private final List<JsonObject> requests = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private AuthorizationServer server;
    private ClientRegistration registration;

    /** Registers clients with a redirect URI alone. */
    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
        HttpServer http = vertx.createHttpServer().requestHandler(request -> request.body().onSuccess(body -> {
            requests.add(body.toJsonObject());
            boolean registers = !body.toJsonObject().getJsonArray("redirect_uris").isEmpty();
            request.response().setStatusCode(registers ? 201 : 400).putHeader("Content-Type", "application/json").end((registers
                ? new JsonObject().put("client_id", "client-" + requests.size()) : new JsonObject().put("error", "invalid_client_metadata")).encode());
        })).listen(0, "127.0.0.1").await();
        String issuer = "http://127.0.0.1:" + http.actualPort();
        server = new AuthorizationServer(issuer, new JsonObject().put("issuer", issuer).put("registration_endpoint", issuer + "/register"));
        registration = new ClientRegistration(new HttpCaller(vertx), new MemoryCredentials(), OAuthOptions.DISCOVERED);
    }

    @AfterEach
    void stop() {
        vertx.close().await();
    }

    @Test
    void theSameRegistrationIsUsedForTheSameRedirectUri() {
        assertThat(registration.client(server, CALLBACK).await().id()).isEqualTo("client-1");
        assertThat(registration.client(server, CALLBACK).await().id()).isEqualTo("client-1");
        assertThat(requests).hasSize(1);
        assertThat(requests.get(0).getJsonArray("grant_types")).isEqualTo(JsonArray.of("authorization_code", "refresh_token"));
    }

    @Test
    void aDeviceDoesNotUseTheRegistrationForABrowserAndARefusalSaysWhatToDo() {
        registration.client(server, CALLBACK).await();
        assertThatThrownBy(() -> registration.client(server, null).await()).isInstanceOf(OAuthFailure.class)
            .hasMessageContaining("invalid_client_metadata").hasMessageContaining("--client-id");
        assertThat(requests.get(1).getJsonArray("grant_types")).isEqualTo(JsonArray.of(DeviceFlow.GRANT, "refresh_token"));
        assertThat(registration.client(server, CALLBACK).await().id()).isEqualTo("client-1");
    }
}
