package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientMetadata;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.KeyBoundClient;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.token.TokenEndpoint;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.fixtures.Certificates;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

import static dev.gatehouse.authz.admin.AdminApiTest.requireProblem;
import static org.assertj.core.api.Assertions.assertThat;

/** Tokens of the administration that are bound to a key (RFC 9449) or to a certificate (RFC 8705 §3). */
class BoundTokenTest {

    private static final String CERTIFIED = "certified-tool";
    private static RunningServer server;
    private static String sub;
    private static X509Certificate own;
    private static X509Certificate other;

    @BeforeAll
    static void start() {
        Certificates certificates = new Certificates(RunningServer.temporaryDirectory());
        own = certificates.authority("own", "CN=own.example").certificate("own");
        other = certificates.authority("other", "CN=other.example").certificate("other");
        server = RunningServer.start(new JsonObject().put("trustedProxies", new JsonArray().add("127.0.0.1").add("::1"))
            .put("mutualTls", new JsonObject().put("enabled", true).put("proxyHeader", true)));
        AdminClient.register(server);
        Client tool = Waiting.on(server.clients().find(AdminClient.CLIENT)).orElseThrow();
        server.add(new Client(CERTIFIED, "Certified tool", List.of(), tool.authMethods(), tool.redirectUris(), tool.grantTypes(), tool.scopes(), List.of(), 0)
            .withMetadata(ClientMetadata.NONE.with(TokenEndpoint.CERTIFICATE_BOUND, true)));
        sub = AdminClient.of(server, Role.OWNER).sub();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String[] code(String client) {
        Approval approval = server.approve(sub, client, "admin:read admin:write", List.of(server.issuer() + AdminOptions.PATH));
        return new String[] {"grant_type", "authorization_code", "client_id", client, "code", approval.code(), "code_verifier", approval.verifier()};
    }

    private static String bound(KeyBoundClient key) {
        JsonObject tokens = key.post(List.of(key.proof()), null, code(AdminClient.CLIENT)).requireOk().json();
        assertThat(tokens.getString("token_type")).isEqualTo("DPoP");
        return tokens.getString("access_token");
    }

    private static Answer get(String path, String token, String proof) {
        return server.send(server.request(AdminOptions.PATH + path, "DPoP " + token).header("DPoP", proof).GET());
    }

    private static void requireChallenge(Answer answer, String error) {
        assertThat(answer.headers().allValues("WWW-Authenticate")).hasSize(2).anySatisfy(each -> assertThat(each).startsWith("DPoP algs=\"ES256 ").endsWith(", error=\"" + error + "\""));
    }

    @Test
    void tokenIsAcceptedWithAProofForTheRequestAndItsUrl() {
        KeyBoundClient key = new KeyBoundClient(server);
        String token = bound(key);
        assertThat(get("/users/" + sub, token, key.proof("GET", AdminOptions.PATH + "/users/" + sub, token, null)).requireOk().json().getString("role")).isEqualTo("owner");
        // The URL of a proof has no query.
        get("/users?limit=1", token, key.proof("GET", AdminOptions.PATH + "/users", token, null)).requireOk();
        get("/documents/https%3A%2F%2Fa.invalid%2Fc.json", token, key.proof("GET", AdminOptions.PATH + "/documents/https%3A%2F%2Fa.invalid%2Fc.json", token, null)).requireOk();
    }

    @Test
    void proofCountsOnceAndForOneRequest() {
        KeyBoundClient key = new KeyBoundClient(server);
        String token = bound(key);
        String proof = key.proof("GET", AdminOptions.PATH + "/users", token, null);
        get("/users", token, proof).requireOk();
        Answer replayed = get("/users", token, proof);
        requireProblem(replayed, 401, "invalid-dpop-proof");
        requireChallenge(replayed, "invalid_dpop_proof");
        for (String wrong : List.of(key.proof("POST", AdminOptions.PATH + "/users", token, null), key.proof("GET", AdminOptions.PATH + "/clients", token, null),
            key.proof("GET", AdminOptions.PATH + "/users", "gha_another", null), "a.b.c")) {
            requireProblem(get("/users", token, wrong), 401, "invalid-dpop-proof");
        }
        requireProblem(server.send(server.request("/admin/v1/users", "DPoP " + token).GET()), 401, "invalid-dpop-proof");
    }

    @Test
    void refusedProofChangesNothing() {
        KeyBoundClient key = new KeyBoundClient(server);
        String token = bound(key);
        String wrong = key.proof("GET", AdminOptions.PATH + "/groups", token, null);
        JsonObject group = new JsonObject().put("name", "proved");
        requireProblem(post(group, token, wrong), 401, "invalid-dpop-proof");
        requireProblem(get("/groups/proved", token, key.proof("GET", AdminOptions.PATH + "/groups/proved", token, null)), 404, "not-found");
        assertThat(post(group, token, key.proof("POST", AdminOptions.PATH + "/groups", token, null)).status()).isEqualTo(201);
    }

    private static Answer post(JsonObject group, String token, String proof) {
        return server.send(server.request("/admin/v1/groups", "DPoP " + token).header("DPoP", proof).header("Content-Type", "application/json").POST(BodyPublishers.ofString(group.encode())));
    }

    @Test
    void anotherKeyAndTheWrongSchemeAreRefused() {
        KeyBoundClient key = new KeyBoundClient(server);
        KeyBoundClient thief = new KeyBoundClient(server);
        String token = bound(key);
        Answer stolen = get("/users", token, thief.proof("GET", AdminOptions.PATH + "/users", token, null));
        assertThat(requireProblem(stolen, 401, "invalid-token").getString("detail")).contains("another key");
        requireChallenge(stolen, "invalid_token");
        assertThat(requireProblem(new AdminClient(server, sub, token).get("/users"), 401, "invalid-token").getString("detail")).contains("scheme DPoP");
        String bearer = server.post("/oauth/token", code(AdminClient.CLIENT)).requireOk().json().getString("access_token");
        assertThat(requireProblem(get("/users", bearer, key.proof("GET", AdminOptions.PATH + "/users", bearer, null)), 401, "invalid-token").getString("detail"))
            .contains("scheme Bearer");
        new AdminClient(server, sub, bearer).get("/users").requireOk();
    }

    @Test
    void nonceIsAskedForAndAccepted() {
        try (RunningServer strict = RunningServer.start(new JsonObject().put("dpop", new JsonObject().put("nonceRequired", true)))) {
            AdminClient.register(strict);
            String owner = AdminClient.addUser(strict, "owner");
            AdminClient.setRole(strict, "owner", Role.OWNER);
            KeyBoundClient key = new KeyBoundClient(strict);
            Approval approval = strict.approve(owner, AdminClient.CLIENT, "admin:read", List.of(strict.issuer() + AdminOptions.PATH));
            String[] form = {"grant_type", "authorization_code", "client_id", AdminClient.CLIENT, "code", approval.code(), "code_verifier", approval.verifier()};
            String nonce = key.post(List.of(key.proof()), null, form).requireError(400, "use_dpop_nonce").header("DPoP-Nonce");
            String token = key.post(List.of(key.proof(nonce)), null, form).requireOk().json().getString("access_token");
            Answer asked = strict.send(strict.request("/admin/v1/users", "DPoP " + token).header("DPoP", key.proof("GET", "/admin/v1/users", token, null)).GET());
            requireProblem(asked, 401, "use-dpop-nonce");
            requireChallenge(asked, "use_dpop_nonce");
            String proof = key.proof("GET", "/admin/v1/users", token, asked.header("DPoP-Nonce"));
            assertThat(strict.send(strict.request("/admin/v1/users", "DPoP " + token).header("DPoP", proof).GET()).requireOk().header("DPoP-Nonce")).isNotEmpty();
        }
    }

    private static String item(X509Certificate certificate) {
        try {
            return ":" + Base64.getEncoder().encodeToString(certificate.getEncoded()) + ":";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer redeem(X509Certificate certificate, String... form) {
        var request = server.request("/oauth/token", null).header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(RunningServer.encode(form)));
        return server.send(certificate == null ? request : request.header("Client-Cert", item(certificate)));
    }

    @Test
    void tokenThatIsBoundToACertificateNeedsTheSameCertificate() throws CertificateEncodingException {
        String[] form = code(CERTIFIED);
        redeem(null, form).requireError(400, "invalid_request");
        JsonObject tokens = redeem(own, form).requireOk().json();
        assertThat(tokens.getString("token_type")).isEqualTo("Bearer");
        String token = tokens.getString("access_token");
        assertThat(server.post("/oauth/introspect", "token", token).json().getJsonObject("cnf"))
            .isEqualTo(new JsonObject().put("x5t#S256", SecretToken.encode(SecretToken.sha256(own.getEncoded()))));
        AdminClient tool = new AdminClient(server, sub, token);
        assertThat(requireProblem(tool.get("/users"), 401, "invalid-token").getString("detail")).contains("certificate");
        requireProblem(tool.get("/users", "Client-Cert", item(other)), 401, "invalid-token");
        tool.get("/users", "Client-Cert", item(own)).requireOk();
        String[] refresh = {"grant_type", "refresh_token", "client_id", CERTIFIED, "refresh_token", tokens.getString("refresh_token")};
        redeem(other, refresh).requireError(400, "invalid_grant");
        redeem(own, refresh).requireOk();
    }

    @Test
    void tlsConnectionNeedsTheCertificateOfTheToken() throws IOException, InterruptedException {
        Certificates keys = new Certificates(RunningServer.temporaryDirectory()).selfSigned("server", "CN=localhost", Certificates.of("localhost"))
            .authority("mine", "CN=mine.example").authority("stranger", "CN=stranger.example");
        int port = Ports.free();
        try (RunningServer tls = RunningServer.start(new JsonObject().put("port", port).put("issuer", "https://localhost:" + port)
            .put("tls", new JsonObject().put("certificateFile", keys.certificateFile("server").toString()).put("keyFile", keys.keyFile("server").toString()))
            .put("mutualTls", new JsonObject().put("enabled", true)))) {
            AdminClient.register(tls);
            tls.add(Waiting.on(server.clients().find(CERTIFIED)).orElseThrow());
            String owner = AdminClient.addUser(tls, "owner");
            AdminClient.setRole(tls, "owner", Role.OWNER);
            Approval approval = tls.approve(owner, CERTIFIED, "admin:read", List.of(tls.issuer() + AdminOptions.PATH));
            HttpRequest.Builder redemption = HttpRequest.newBuilder(URI.create(tls.issuer() + "/oauth/token")).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(RunningServer.encode("grant_type", "authorization_code", "client_id", CERTIFIED, "code", approval.code(),
                    "code_verifier", approval.verifier())));
            assertThat(send(keys, null, redemption).statusCode()).isEqualTo(400);
            HttpResponse<String> redeemed = send(keys, "mine", redemption);
            assertThat(redeemed.statusCode()).as(redeemed.body()).isEqualTo(200);
            HttpRequest.Builder users = HttpRequest.newBuilder(URI.create(tls.issuer() + AdminOptions.PATH + "/users"))
                .header("Authorization", "Bearer " + new JsonObject(redeemed.body()).getString("access_token"));
            assertThat(send(keys, null, users).statusCode()).isEqualTo(401);
            assertThat(send(keys, "stranger", users).statusCode()).isEqualTo(401);
            assertThat(send(keys, "mine", users).statusCode()).isEqualTo(200);
            String header = ":" + Base64.getEncoder().encodeToString(keys.der("mine")) + ":";
            assertThat(send(keys, null, users.header("Client-Cert", header)).statusCode()).as("no trusted proxy").isEqualTo(401);
        }
    }

    /** @param shown the certificate of the client; null for none */
    private static HttpResponse<String> send(Certificates keys, String shown, HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newBuilder().sslContext(keys.context(shown, "server")).build().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void metadataAnnouncesBoundTokens() {
        assertThat(server.send(server.request("/.well-known/oauth-authorization-server", null).GET()).json().getBoolean(TokenEndpoint.CERTIFICATE_BOUND)).isTrue();
    }
}
