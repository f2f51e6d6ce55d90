package dev.gatehouse.authz.scim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** A client that provisions a server. */
public record ScimClient(RunningServer server, String token) {

    private static final String PATH = "/scim/v2";
    private static final String SECRET = "a secret of the client";

    /** Registers a client and gets its token, as the documentation describes. */
    public static ScimClient register(RunningServer server, String id) {
        server.add(new Client(id, "Provisioning " + id, List.of(new Client.Secret(ClientSecrets.storedForm(SECRET), 0, null)),
            Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC), List.of(), Set.of("client_credentials"), Scopes.of("scim"), List.of(), 0));
        return new ScimClient(server, token(server, id));
    }

    static String token(RunningServer server, String id) {
        return server.postAs(RunningServer.basic(id, SECRET), "/oauth/token", "grant_type", "client_credentials").requireOk().json()
            .getString("access_token");
    }

    /** The same client at another server on the same store. */
    public ScimClient at(RunningServer other) {
        return new ScimClient(other, token);
    }

    public Answer send(String method, String path, JsonObject body, String... headers) {
        HttpRequest.Builder request = server.request(PATH + path, "Bearer " + token).method(method, body == null ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("Content-Type", "application/scim+json");
        }
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    /** Sends a target that an HTTP client refuses to send. Returns the whole response. */
    String raw(String target) throws IOException {
        return server.raw("GET " + PATH + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n");
    }

    /** Lists the resources of a type that match a filter. */
    public JsonObject search(String path, String filter, String... parameters) {
        StringBuilder query = new StringBuilder("?filter=").append(URLEncoder.encode(filter, StandardCharsets.UTF_8));
        for (int i = 0; i < parameters.length; i += 2) {
            query.append('&').append(parameters[i]).append('=').append(URLEncoder.encode(parameters[i + 1], StandardCharsets.UTF_8));
        }
        return get(path + query).requireOk().json();
    }

    public JsonObject create(String path, JsonObject resource) {
        Answer answer = send("POST", path, resource);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return answer.json();
    }

    /** Creates a user with this login name and external identifier. */
    public JsonObject createUser(String userName, String externalId) {
        return create("/Users", new JsonObject().put("schemas", new JsonArray().add("urn:ietf:params:scim:schemas:core:2.0:User"))
            .put("userName", userName).put("externalId", externalId).put("active", true)
            .put("emails", new JsonArray().add(new JsonObject().put("value", userName).put("type", "work").put("primary", true))));
    }

    /** JSON with single quotation marks; a backslash before one stands for that within a text. */
    static String json(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }

    /** Applies operations, each as JSON. */
    public Answer patch(String path, String... operations) {
        JsonArray list = new JsonArray();
        List.of(operations).forEach(operation -> list.add(new JsonObject(json(operation))));
        return send("PATCH", path, new JsonObject().put("schemas", new JsonArray().add("urn:ietf:params:scim:api:messages:2.0:PatchOp"))
            .put("Operations", list));
    }

    /** Checks that an answer is an error of SCIM. */
    static void requireError(Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/scim+json");
        JsonObject error = answer.json();
        assertThat(error.getJsonArray("schemas")).containsExactly("urn:ietf:params:scim:api:messages:2.0:Error");
        assertThat(error.getString("status")).isEqualTo(Integer.toString(status));
        assertThat(error.getString("scimType")).isEqualTo(type);
        assertThat(error.getString("detail")).isNotBlank();
    }
}
