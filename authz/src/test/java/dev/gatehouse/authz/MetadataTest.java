package dev.gatehouse.authz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.auth.AuthenticationMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.fixtures.Ports;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class MetadataTest {

    private static final String PATH = "/.well-known/oauth-authorization-server";
    private static RunningServer server;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void documentSaysWhatIsOnAndOnlyThat() {
        Answer answer = get(PATH).requireOk();
        String issuer = server.issuer();
        assertThat(answer.json()).isEqualTo(new JsonObject("""
            {"issuer": "ISSUER", "authorization_endpoint": "ISSUER/oauth/authorize", "token_endpoint": "ISSUER/oauth/token",
             "introspection_endpoint": "ISSUER/oauth/introspect", "revocation_endpoint": "ISSUER/oauth/revoke", "jwks_uri": "ISSUER/oauth/jwks", "registration_endpoint": "ISSUER/oauth/register",
             "introspection_signing_alg_values_supported": ["ES256"],
             "scopes_supported": ["mcp:read", "mcp:write", "openid", "profile", "email"], "response_types_supported": ["code"],
             "response_modes_supported": ["query"],
             "device_authorization_endpoint": "ISSUER/oauth/device_authorization",
             "userinfo_endpoint": "ISSUER/oauth/userinfo", "end_session_endpoint": "ISSUER/oauth/logout",
             "subject_types_supported": ["public"], "id_token_signing_alg_values_supported": ["ES256"],
             "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "acr", "amr", "name", "preferred_username", "updated_at", "email", "email_verified"],
             "claim_types_supported": ["normal"], "prompt_values_supported": ["none", "login", "consent", "select_account"],
             "claims_parameter_supported": true, "acr_values_supported": ["1", "mfa", "phr"], "request_parameter_supported": false, "request_uri_parameter_supported": false,
             "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code",
                                       "urn:ietf:params:oauth:grant-type:jwt-bearer", "urn:ietf:params:oauth:grant-type:token-exchange"],
             "identity_chaining_requested_token_types_supported": ["urn:ietf:params:oauth:token-type:id-jag"],
             "authorization_grant_profiles_supported": ["urn:ietf:params:oauth:grant-profile:id-jag"],
             "code_challenge_methods_supported": ["S256"], "authorization_response_iss_parameter_supported": true,
             "client_id_metadata_document_supported": true,
             "pushed_authorization_request_endpoint": "ISSUER/oauth/par", "require_pushed_authorization_requests": false,
             "dpop_signing_alg_values_supported": ["ES256", "ES384", "ES512", "EdDSA", "Ed25519", "RS256", "PS256"],
             "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
             "introspection_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
             "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"],
             "token_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
             "introspection_endpoint_auth_signing_alg_values_supported": ALGORITHMS,
             "revocation_endpoint_auth_signing_alg_values_supported": ALGORITHMS}
            """.replace("ISSUER", issuer).replace("ALGORITHMS",
                "[\"ES256\", \"ES384\", \"ES512\", \"EdDSA\", \"Ed25519\", \"RS256\", \"RS384\", \"RS512\", \"PS256\", \"PS384\", \"PS512\"]")));
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(answer.header("Cache-Control")).isEqualTo("public, max-age=300");
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(answer.header("Access-Control-Allow-Credentials")).isNull();
    }

    @Test
    void everyEndpointThatIsNamedAnswers() {
        JsonObject document = get(PATH).json();
        for (String name : document.fieldNames()) {
            if (name.endsWith("_endpoint")) {
                assertThat(get(URI.create(document.getString(name)).getPath()).status()).as(name).isNotEqualTo(404);
            }
        }
    }

    @Test
    void everyGrantThatIsWrittenIsListed() throws Exception {
        Path classes = Path.of(Grant.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var files = Files.walk(classes)) {
            long written = files.filter(file -> file.getFileName().toString().matches("\\w+Grant\\.class"))
                .map(file -> classes.relativize(file).toString().replace(".class", "").replace('/', '.')).filter(MetadataTest::isGrant).count();
            assertThat(get(PATH).json().getJsonArray("grant_types_supported")).hasSize((int) written);
        }
    }

    private static boolean isGrant(String name) {
        try {
            return Grant.class.isAssignableFrom(Class.forName(name)) && !name.equals(Grant.class.getName());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void everyAuthenticationMethodHasAClassOfItsOwn() throws Exception {
        Path classes = Path.of(AuthenticationMethod.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve(AuthenticationMethod.class.getPackageName().replace('.', '/'));
        try (var files = Files.list(classes)) {
            long written = files.map(file -> file.getFileName().toString().replace(".class", "")).filter(name -> !name.contains("$"))
                .filter(MetadataTest::isMethod).count();
            assertThat(written).isEqualTo(ClientAuthMethod.values().length);
        }
    }

    private static boolean isMethod(String name) {
        try {
            Class<?> type = Class.forName(AuthenticationMethod.class.getPackageName() + "." + name);
            return AuthenticationMethod.class.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void otherMethodsAndUnknownPathsAreRefused() {
        Answer post = server.send(server.request(PATH, null).POST(BodyPublishers.noBody()));
        assertThat(post.status()).isEqualTo(405);
        assertThat(post.header("Allow")).isEqualTo("GET, HEAD");
        for (String path : new String[] {"/oauth/nothing", "/oauth/token/x",
            "/..%2fetc/passwd"}) {
            Answer answer = get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.header("Content-Type")).startsWith("application/json");
        }
        assertThat(get("/%2e%2e/").body()).as("nothing above the root").isEqualTo(get("/").body());
        assertThat(server.send(server.request(PATH, null).method("HEAD", BodyPublishers.noBody())).status()).isEqualTo(200);
    }

    @Test
    void issuerWithAPathIsServedUnderItAndDescribedAtThePathInserted() {
        int port = Ports.free();
        String issuer = "http://localhost:" + port + "/tenant1";
        try (RunningServer tenant = RunningServer.start(new JsonObject().put("port", port).put("issuer", issuer))) {
            JsonObject document = tenant.send(tenant.request(PATH + "/tenant1", null)).requireOk().json();
            assertThat(document.getString("issuer")).isEqualTo(issuer);
            assertThat(document.getString("token_endpoint")).isEqualTo(issuer + "/oauth/token");
            for (String other : List.of("/.well-known/openid-configuration/tenant1", "/tenant1/.well-known/openid-configuration", "/tenant1" + PATH)) {
                assertThat(tenant.send(tenant.request(other, null)).requireOk().json()).as(other).isEqualTo(document);
            }
            tenant.add(Clients.basicClient("service", "s3cret-s3cret"));
            tenant.postAs(RunningServer.basic("service", "s3cret-s3cret"), "/tenant1/oauth/token", "grant_type", "client_credentials").requireOk();
            assertThat(tenant.send(tenant.request("/tenant1/oauth/authorize", null)).status()).isEqualTo(400);
            assertThat(tenant.send(tenant.request("/other/oauth/token", null)).status()).isEqualTo(404);
            assertThat(tenant.send(tenant.request("/tenant1/account", null)).header("Set-Cookie")).as("shared with no issuer beside it")
                .matches("gatehouse-browser-" + port + "-[A-Za-z0-9_-]{8}=.*");
        }
    }

    @Test
    void issuerWithAPathIsServedWithoutItToo() {
        int port = Ports.free();
        String issuer = "http://localhost:" + port + "/tenant1";
        try (RunningServer tenant = RunningServer.start(new JsonObject().put("port", port).put("issuer", issuer))) {
            for (String path : List.of(PATH, "/.well-known/openid-configuration")) {
                assertThat(tenant.send(tenant.request(path, null)).requireOk().json().getString("issuer")).as(path).isEqualTo(issuer);
            }
            tenant.add(Clients.basicClient("service", "s3cret-s3cret"));
            tenant.postAs(RunningServer.basic("service", "s3cret-s3cret"), "/oauth/token", "grant_type", "client_credentials").requireOk();
            assertThat(tenant.send(tenant.request("/health", null)).status()).isEqualTo(200);
        }
    }

    @Test
    void healthTellsThatTheStoreAnswers() {
        assertThat(get("/health").requireOk().json()).isEqualTo(new JsonObject().put("status", "up")
            .put("checks", new JsonObject().put("store", "up")));
    }

    private static Answer get(String path) {
        return server.send(server.request(path, null).GET());
    }
}
