package dev.gatehouse.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.mcp.bearer.DpopGuard.DpopOptions;
import dev.gatehouse.mcp.bearer.IntrospectionOptions;
import dev.gatehouse.mcp.bearer.LocalJwts.LocalJwtOptions;
import dev.gatehouse.mcp.transport.McpTransportOptions;
import dev.gatehouse.resource.ResourceServerOptions.FetchingOptions;
import dev.gatehouse.resource.ResourceServerOptions.IntrospectionSection;
import dev.gatehouse.resource.ResourceServerOptions.LimitsOptions;
import dev.gatehouse.resource.ResourceServerOptions.MutualTlsOptions;
import dev.gatehouse.resource.ResourceServerOptions.NotesOptions;
import dev.gatehouse.resource.ResourceServerOptions.PolicyOptions;
import dev.gatehouse.resource.ResourceServerOptions.SessionsOptions;
import dev.gatehouse.resource.usage.UsageMeter.UsageQuota;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.Profile;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.http.Draining.StoppingOptions;
import dev.gatehouse.shared.http.TlsIdentity;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.sql.StoreConfiguration;
import dev.gatehouse.shared.sql.StoreConfiguration.PostgresqlOptions;
import dev.gatehouse.shared.oauth.ScopeHierarchy;
import dev.gatehouse.shared.telemetry.MetricsOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

class ResourceServerOptionsTest {

    private static final JsonObject PRODUCTION = new JsonObject().put("profile", "production").put("host", "0.0.0.0")
        .put("resource", "https://mcp.example/mcp").put("authServer", "https://auth.example")
        .put("introspection", new JsonObject().put("clientId", "rs").put("clientSecret", "ghs_secret"));

    private static final DataHome HOME = DataHome.of(Map.of("GATEHOUSE_HOME", "target"));

    private static ResourceServerOptions of(JsonObject json) {
        return ResourceServerOptions.of(ConfigFile.check(json, "schema/resource.json", Map.of()));
    }

    private static void assertUnsafe(JsonObject json, String key) {
        assertThatThrownBy(() -> of(json).requireSafe()).isInstanceOf(StartupException.class).hasMessageContaining(key);
    }

    @Test
    void defaultsAreTheDemos() {
        Set<String> origins = Set.of("http://localhost:*", "http://127.0.0.1:*", "http://[::1]:*", "https://localhost:*", "https://127.0.0.1:*", "https://[::1]:*");
        ResourceServerOptions options = of(new JsonObject()).requireSafe();
        assertThat(options).isEqualTo(new ResourceServerOptions(Profile.DEMO, "localhost", 8001,
            ResourceId.parse("http://localhost:8001/mcp"), "http://localhost:9000", List.of(), List.of(),
            new IntrospectionSection(null, null, null, 3_000, 60, 5, 100_000, 4), LocalJwtOptions.OFF, DpopOptions.DEFAULT, origins, Set.of(),
            new NotesOptions("notes.db", "keys/notes.key"),
            new StoreConfiguration(null, new PostgresqlOptions(List.of(), null, null, null, null, "notes", "disable", null, null, null, 16, 10_000, 5, 3)),
            new UsageQuota(100_000, 10_000_000), new SessionsOptions(10_000, 100, 1_800, 20),
            new LimitsOptions(4_194_304, 64, 300), new FetchingOptions(null), new PolicyOptions(null, true), new StoppingOptions(10),
            new MetricsOptions(null, "127.0.0.1"), null, List.of(), new MutualTlsOptions(false, false), null));
        assertThat(options.scopeHierarchy()).isEqualTo(ScopeHierarchy.FLAT);
        assertThat(options.introspectionClient(HOME)).isEqualTo(new IntrospectionOptions("http://localhost:9000", null, null, 3_000, 60, 5, 100_000, 4));
        assertThat(options.transport()).isEqualTo(new McpTransportOptions(origins, Set.of("localhost:8001", "127.0.0.1:8001", "[::1]:8001"),
            4_194_304, 64, 10_000, 100, 1_800, 20, 4, 60, 1_048_576, 300));
    }

    @Test
    void emptyVariablesOfTheClientMeanThatThereIsNone() {
        JsonObject json = new JsonObject().put("introspection", new JsonObject().put("clientId", "${NONE:-}").put("clientSecret", "${NONE:-}"));
        assertThat(of(json).introspection()).isEqualTo(of(new JsonObject()).introspection());
    }

    @Test
    void noOriginMayCallInProductionOrWhereNoneIsNamed() {
        assertThat(of(new JsonObject().put("profile", "production")).transport().allowedOrigins()).isEmpty();
        assertThat(of(new JsonObject().put("allowedOrigins", new JsonArray())).transport().allowedOrigins()).isEmpty();
    }

    @Test
    void anAuthorizationServerWithAFinalSlashIsTheIssuer() {
        assertThat(of(new JsonObject().put("authServer", "http://localhost:9000/")).authServer()).isEqualTo("http://localhost:9000");
        assertThat(of(new JsonObject().put("authServer", "http://localhost:9000//")).authServer()).isEqualTo("http://localhost:9000");
        assertThat(of(new JsonObject().put("authServer", "https://auth.example/t1/")).authServer()).isEqualTo("https://auth.example/t1/");
    }

    @Test
    void everyKeyIsRead() {
        ResourceServerOptions options = of(new JsonObject().put("profile", "production").put("host", "10.0.0.1").put("port", 1)
            .put("resource", "https://mcp.example/x/mcp").put("authServer", "https://auth.example/t1")
            .put("scopes", JsonArray.of(scope("a", "b"), scope("b", "c"))).put("scopesSupported", JsonArray.of("mcp:write", "mcp:read"))
            .put("introspection", new JsonObject().put("clientId", "rs").put("clientSecret", "s").put("timeoutMillis", 2)
                .put("cacheSeconds", 3).put("negativeCacheSeconds", 4).put("cacheEntries", 5).put("revalidateSeconds", 1))
            .put("localJwt", new JsonObject().put("enabled", true).put("clockSkewSeconds", 16))
            .put("dpop", new JsonObject().put("required", true).put("nonceRequired", true).put("proofSeconds", 14).put("proofsKept", 15))
            .put("allowedOrigins", JsonArray.of("https://app.example")).put("allowedHosts", JsonArray.of("inner:1"))
            .put("notes", new JsonObject().put("file", "n.db").put("keyFile", "n.key"))
            .put("store", new JsonObject().put("url", "postgresql://db/notes").put("postgresql", new JsonObject().put("schema", "s").put("connections", 2)))
            .put("usage", new JsonObject().put("requestsPerMonth", 6).put("tokensPerMonth", 7))
            .put("sessions", new JsonObject().put("maximum", 8).put("perPrincipal", 9).put("idleSeconds", 10).put("keepAliveSeconds", 11))
            .put("limits", new JsonObject().put("bodyBytes", 1_212).put("jsonDepth", 13).put("callSeconds", 17))
            .put("fetching", new JsonObject().put("trustFile", "ca.pem")).put("stopping", new JsonObject().put("graceSeconds", 18))
            .put("policy", new JsonObject().put("file", "policy.json").put("listOnlyAllowed", false))
            .put("metrics", new JsonObject().put("port", 19).put("host", "10.0.0.2"))
            .put("tls", new JsonObject().put("certificateFile", "c.pem").put("keyFile", "k.pem").put("cipherSuites", JsonArray.of("TLS_AES_128_GCM_SHA256")))
            .put("trustedProxies", JsonArray.of("192.0.2.0/24")).put("mutualTls", new JsonObject().put("enabled", true).put("proxyHeader", true)));
        assertThat(options.trustedProxies()).containsExactly("192.0.2.0/24");
        assertThat(options.mutualTls()).isEqualTo(new MutualTlsOptions(true, true));
        assertThat(options.fetching().trustFile()).isEqualTo("ca.pem");
        assertThat(options.stopping().graceSeconds()).isEqualTo(18);
        assertThat(options.policy()).isEqualTo(new PolicyOptions("policy.json", false));
        assertThat(options.metrics()).isEqualTo(new MetricsOptions(19, "10.0.0.2"));
        assertThat(options.introspectionClient(HOME)).isEqualTo(new IntrospectionOptions("https://auth.example/t1", "rs", "s", 2, 3, 4, 5, 1));
        assertThat(options.transport()).isEqualTo(new McpTransportOptions(Set.of("https://app.example"),
            Set.of("mcp.example", "mcp.example:443", "inner:1"), 1_212, 13, 8, 9, 10, 11, 1, 60, 1_048_576, 17));
        assertThat(options.localJwt()).isEqualTo(new LocalJwtOptions(true, 16));
        assertThat(options.dpop()).isEqualTo(new DpopOptions(true, true, 14, 15));
        assertThat(options.scopeHierarchy().impliedBy("a")).containsExactly("b", "c");
        assertThat(options.usage()).isEqualTo(new UsageQuota(6, 7));
        assertThat(options.notes().file() + options.notes().keyFile()).isEqualTo("n.dbn.key");
        assertThat(options.store()).isEqualTo(new StoreConfiguration("postgresql://db/notes",
            new PostgresqlOptions(List.of(), null, null, null, null, "s", "verify-full", null, null, null, 2, 10_000, 5, 3)));
        assertThat(options.tls()).isEqualTo(new TlsIdentity("c.pem", "k.pem", List.of("TLS_AES_128_GCM_SHA256")));
        assertThat(options.requireSafe().isProduction()).isTrue();
    }

    @Test
    void certificatesNeedAWayToTheServer() {
        JsonObject certificates = new JsonObject().put("mutualTls", new JsonObject().put("enabled", true).put("proxyHeader", true));
        assertUnsafe(certificates, "mutualTls.enabled");
        assertThat(of(certificates.copy().put("trustedProxies", JsonArray.of("127.0.0.1"))).requireSafe().clientCertificates().isOn()).isTrue();
        JsonObject tls = new JsonObject().put("certificateFile", "c.pem").put("keyFile", "k.pem");
        assertThat(of(new JsonObject().put("tls", tls).put("mutualTls", new JsonObject().put("enabled", true))).requireSafe().clientCertificates().isOn()).isTrue();
        assertThat(of(new JsonObject()).clientCertificates().isOn()).isFalse();
    }

    private static JsonObject scope(String name, String implied) {
        return new JsonObject().put("name", name).put("implies", JsonArray.of(implied));
    }

    @Test
    void scopesImplyEachOtherInNoCircle() {
        assertThatThrownBy(() -> of(new JsonObject().put("scopes", JsonArray.of(scope("a", "b"), scope("b", "a")))).requireSafe())
            .isInstanceOf(StartupException.class).hasMessageContaining("scopes:").hasMessageContaining("a implies b implies a");
    }

    @Test
    void resourceFollowsHostAndPort() {
        assertThat(of(new JsonObject().put("host", "127.0.0.1").put("port", 8101)).resource().value()).isEqualTo("http://127.0.0.1:8101/mcp");
        assertThat(of(new JsonObject().put("host", "::1")).resource().value()).isEqualTo("http://[::1]:8001/mcp");
        assertThatThrownBy(() -> of(new JsonObject().put("port", 0))).isInstanceOf(StartupException.class).hasMessageContaining("resource");
    }

    @Test
    void productionRefusesWhatIsFitForADemoOnly() {
        of(PRODUCTION).requireSafe();
        assertUnsafe(PRODUCTION.copy().put("resource", "http://mcp.example/mcp"), "resource:");
        assertUnsafe(PRODUCTION.copy().put("authServer", "http://localhost:9000"), "authServer:");
        assertUnsafe(PRODUCTION.copy().put("introspection", new JsonObject()), "introspection.clientId");
        JsonObject demoClient = PRODUCTION.copy();
        demoClient.getJsonObject("introspection").put("clientSecret", "mcp-test-secret");
        assertUnsafe(demoClient, "introspection.clientSecret");
    }

    @Test
    void theSecretOfIntrospectionMayStandInAFile(@TempDir Path directory) throws IOException {
        JsonObject inFile = PRODUCTION.copy();
        Path file = directory.resolve("secret");
        inFile.getJsonObject("introspection").put("clientSecretFile", file.toString());
        assertUnsafe(inFile, "introspection.clientSecret, introspection.clientSecretFile: set one of them");
        inFile.getJsonObject("introspection").remove("clientSecret");
        ResourceServerOptions options = of(inFile).requireSafe();
        assertThatThrownBy(() -> options.introspectionClient(HOME)).isInstanceOf(StartupException.class).hasMessageContaining("introspection.clientSecretFile: " + file);
        Files.writeString(file, "ghs_in_a_file\n");
        assertThat(options.introspectionClient(HOME).clientSecret()).isEqualTo("ghs_in_a_file");
    }

    @Test
    void demoStaysOnThisMachine() {
        assertUnsafe(new JsonObject().put("host", "0.0.0.0").put("resource", "http://localhost:8001/mcp"), "host:");
        assertUnsafe(new JsonObject().put("resource", "http://mcp.example/mcp"), "resource:");
        assertUnsafe(new JsonObject().put("authServer", "http://auth.example"), "authServer:");
        for (String none : List.of("http://localhost:99999", "http://user@localhost:9000", "ftp://localhost:9000", "localhost:9000", " http://localhost:9000",
            "http://localhost:9000/?a=b", "http:///x", "")) {
            assertThatThrownBy(() -> ResourceServerOptions.of(new JsonObject().put("authServer", none)).requireSafe()).as("without the schema, as over stdio")
                .isInstanceOf(StartupException.class).hasMessageContaining("authServer:");
        }
        ResourceServerOptions.of(new JsonObject().put("authServer", "http://localhost:9000//")).requireSafe();
        of(new JsonObject().put("host", "::1").put("authServer", "https://auth.example")).requireSafe();
    }

    @Test
    void secretIsNotPrinted() {
        assertThat(of(PRODUCTION).toString()).doesNotContain("ghs_secret");
        assertThat(of(PRODUCTION).introspectionClient(HOME).clientSecret()).isEqualTo("ghs_secret");
        JsonObject listed = PRODUCTION.copy();
        listed.getJsonObject("introspection").put("clientSecret", 9_876_543);
        assertThatThrownBy(() -> of(listed)).hasMessageContaining("introspection.clientSecret: expected a text, found a value that is not shown")
            .hasMessageNotContaining("9876543");
    }
}
