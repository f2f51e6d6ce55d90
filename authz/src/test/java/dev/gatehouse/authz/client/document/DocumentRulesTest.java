package dev.gatehouse.authz.client.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.support.DocumentServer;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** The rules of a document, tested at the authorization endpoint. Each rejected document is also tested without the fault. */
final class DocumentRulesTest extends DocumentTest {

    private int count;

    /** A fresh path for each document, since a refusal is remembered for a moment. */
    private String publish(Object... changes) {
        String path = "/" + ++count + "/client.json";
        return documents.publish(path, documents.document(path, changes));
    }

    @Test
    void clientIdHasToBeTheUrlByteByByte() {
        for (String written : List.of("/Client.json", "/client.json/", "/%63lient.json", "/client.json?", "/./client.json")) {
            String client = documents.publish("/client.json", documents.document("/client.json", "client_id", documents.url(written)));
            assertThat(assertRefused(client)).as(written).contains("its client_id is not exactly the URL of the document");
            server.clock().advance(Duration.ofSeconds(10));
        }
        String port = documents.publish("/client.json", documents.document("/client.json", "client_id",
            documents.url("/client.json").replace("localhost", "127.0.0.1")));
        assertRefused(port);
        server.clock().advance(Duration.ofSeconds(10));
        assertAccepted(documents.publish("/client.json", documents.document("/client.json")));
    }

    @Test
    void membersThatADocumentNeedsAreRefusedWhenMissing() {
        for (Object value : new Object[] {null, "", " "}) {
            assertThat(assertRefused(publish("client_name", value))).contains("client_name");
        }
        for (Object value : new Object[] {null, DocumentServer.CALLBACK, new JsonArray(), new JsonArray().add(7), new JsonObject()}) {
            assertThat(assertRefused(publish("redirect_uris", value))).contains("redirect_uris");
        }
        for (Object value : new Object[] {null, 7}) {
            assertRefused(publish("client_id", value));
        }
        assertAccepted(publish());
        assertAccepted(publish("grant_types", null, "response_types", null, "token_endpoint_auth_method", null, "client_uri", null,
            "logo_uri", null));
    }

    @Test
    void optionalMembersThatCannotBeUsedAreLeftOut() {
        for (Object value : new Object[] {7, new JsonArray(), "x".repeat(201), "a\u0007b"}) {
            String client = publish("client_name", value);
            assertThat(consent(server.browser(), client).body()).contains("localhost");
        }
        assertAccepted(publish("scope", new JsonArray().add("mcp:read")));
        assertAccepted(publish("scope", "\u00e9"));
        assertAccepted(publish("grant_types", "authorization_code"));
        assertAccepted(publish("token_endpoint_auth_method", true));
        assertAccepted(publish("response_types", new JsonArray().add("code").add("token")));
        assertAccepted(publish("client_uri", "myapp://home"));
        assertAccepted(publish("jwks", new JsonObject().put("keys", new JsonArray())));
    }

    @Test
    void redirectUriThatCannotBeRegisteredIsLeftOutBesideOneThatCan() {
        for (String bad : List.of("http://app.example.com/cb", "https://app.example.com/cb#f", "https://*.example.com/cb", "javascript:alert(1)",
            "myapp:/cb", "https://user@app.example.com/cb", "/cb", "urn:ietf:wg:oauth:2.0:oob", "https://app.example.com/a/../cb")) {
            assertThat(assertRefused(publish("redirect_uris", new JsonArray().add(bad)))).as(bad).contains("redirect_uris");
            String client = publish("redirect_uris", new JsonArray().add(DocumentServer.CALLBACK).add(bad));
            assertAccepted(client);
            assertThat(ask(client, "redirect_uri", bad).status()).as(bad).isEqualTo(400);
        }
        assertAccepted(publish("redirect_uris", new JsonArray().add(DocumentServer.CALLBACK).add("com.example.app:/cb")));
    }

    @Test
    void redirectUriThatTheDocumentLacksIsRefused() {
        String client = publish();
        assertThat(ask(client, "redirect_uri", "https://evil.example/cb").status()).isEqualTo(400);
        assertThat(ask(client, "redirect_uri", "https://evil.example/cb").location()).isNull();
        assertThat(ask(client, "redirect_uri", "https://app.example.com/cb").isLogin()).isTrue();
    }

    @Test
    void secretsAndMethodsWithSecretsAreRefused() {
        assertRefused(publish("client_secret", "s3cret"));
        assertRefused(publish("client_secret_expires_at", 0));
        for (String method : List.of("client_secret_basic", "client_secret_post", "client_secret_jwt")) {
            assertRefused(publish("token_endpoint_auth_method", method));
            assertRefused(publish("token_endpoint_auth_methods_supported", new JsonArray().add("none").add(method)));
        }
        assertRefused(publish("token_endpoint_auth_method", "tls_client_auth"));
        assertRefused(publish("token_endpoint_auth_method", "private_key_jwt"));
        assertRefused(publish("token_endpoint_auth_method", "private_key_jwt", "jwks_uri", documents.url("/jwks.json"),
            "token_endpoint_auth_signing_alg", "HS256"));
        assertAccepted(publish("token_endpoint_auth_method", "private_key_jwt", "jwks_uri", documents.url("/jwks.json")));
    }

    @Test
    void embeddedKeysHaveToBePublic() {
        JsonObject key = SigningKey.generate(SigningAlgorithm.ES256).publicJwk();
        assertRefused(withKeys(new JsonObject().put("keys", new JsonArray().add(key.copy().put("d", "d")))));
        assertRefused(withKeys(new JsonObject().put("keys", new JsonArray().add(new JsonObject().put("kty", "oct").put("k", "k")))));
        assertRefused(withKeys(new JsonObject()));
        assertRefused(withKeys("keys"));
        assertRefused(publish("jwks", new JsonObject().put("keys", new JsonArray().add(key)), "jwks_uri", documents.url("/jwks.json")));
        assertRefused(withKeys(new JsonObject().put("keys", new JsonArray().add(key.copy().put("use", "enc")))));
        assertAccepted(withKeys(new JsonObject().put("keys", new JsonArray().add(key))));
        assertAccepted(withKeys(new JsonObject().put("keys", new JsonArray().add(key.copy().put("use", "enc")).add(key))));
    }

    private String withKeys(Object jwks) {
        return publish("token_endpoint_auth_method", "private_key_jwt", "jwks", jwks);
    }

    @Test
    void urlsInsideThatCouldNotBeFetchedAreLeftOutAndNoneIsFetched() {
        assertThat(assertRefused(publish("token_endpoint_auth_method", "private_key_jwt", "jwks_uri", "https://10.0.0.1/x"))).contains("jwks_uri");
        for (String member : List.of("jwks_uri", "logo_uri", "client_uri", "tos_uri", "policy_uri")) {
            for (String bad : List.of("http://app.example.com/x", "https://169.254.169.254/latest", "https://10.0.0.1/x", "https://[fd00::1]/x",
                "https://2130706433/x", "file:///etc/passwd", "https://user@app.example.com/x", "https://app.example.com:22/x")) {
                connect(server.browser(), publish(member, bad));
                assertThat(server.rows("SELECT metadata FROM client WHERE kind = 'metadata_document'"))
                    .as(member + bad).isNotEmpty().noneMatch(row -> row.text("metadata").contains(bad));
            }
        }
        String link = publish("client_uri", "javascript:alert(1)");
        assertAccepted(link);
        assertThat(consent(server.browser(), link).body()).doesNotContain("javascript:");
        documents.on("/logo.png", request -> request.response().end());
        consent(server.browser(), publish("logo_uri", documents.url("/logo.png")));
        assertThat(documents.asked("/logo.png")).isZero();
    }

    @Test
    void grantsWithoutAPersonAreNotForSuchClients() {
        assertRefused(publish("grant_types", new JsonArray().add("client_credentials")));
        assertRefused(publish("response_types", new JsonArray().add("token")));
        String both = publish("grant_types", new JsonArray().add("authorization_code").add("client_credentials").add("implicit"));
        assertThat(connect(server.browser(), both).status()).isEqualTo(200);
        assertThat(server.rows("SELECT grant_types FROM client WHERE kind = 'metadata_document'").get(0).text("grant_types"))
            .isEqualTo("authorization_code");
    }

    @Test
    void scopeOfTheDocumentBoundsWhatItsClientGets() {
        String client = publish("scope", "mcp:read unknown");
        assertThat(ask(client, "scope", "mcp:read mcp:write").body()).contains("scope");
        assertThat(ask(client, "scope", "mcp:read").isLogin()).isTrue();
    }

    @Test
    void whatIsNotOneJsonObjectIsRefused() {
        for (String text : List.of("", "[]", "null", "\"x\"", "{", "{} {}", "{\"client_id\":\"a\",\"client_id\":\"b\"}", "<html></html>")) {
            String path = "/" + ++count + "/client.json";
            assertRefused(documents.on(path, request -> request.response().putHeader("Content-Type", "application/json").end(text)));
        }
    }

    @Test
    void contentTypeHasToBeJson() {
        for (String type : List.of("text/html", "text/plain", "application/octet-stream", "text/json", "application/jsonp")) {
            assertRefused(publishAs(type));
        }
        for (String type : List.of("application/json", "application/json; charset=utf-8", "Application/JSON", "application/oauth-client+json")) {
            assertAccepted(publishAs(type));
        }
    }

    private String publishAs(String type) {
        String path = "/" + ++count + "/client.json";
        return documents.publish(path, documents.document(path), "Content-Type", type);
    }

    @Test
    void identifierHasToBeAUrlOfADocument() {
        for (String client : List.of("https://app.example.com", "https://app.example.com/", "https://app.example.com/a/../client.json",
            "https://app.example.com/%2e%2E/client.json", "https://app.example.com/./client.json", "https://app.example.com/c#f",
            "https://user@app.example.com/c", "https://127.0.0.1.nip/c", "https://10.0.0.1/c", "https://0x7f.1/c", "https://intranet/c",
            "http://app.example.com/c", "https://app.example.com:25/c")) {
            assertRefused(client);
        }
        assertThat(assertRefused("https://app.example.com/")).contains("needs a path");
    }
}
