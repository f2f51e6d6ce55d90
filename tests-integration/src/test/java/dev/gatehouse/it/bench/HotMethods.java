package dev.gatehouse.it.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveUser;
import dev.gatehouse.authz.token.IntrospectionDocument;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.mcp.api.CallPolicy.Verdict;
import dev.gatehouse.mcp.api.Principal;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.jsonrpc.MessageCodec;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import dev.gatehouse.mcp.schema.ToolSchema;
import dev.gatehouse.policy.WatchedPolicy;
import dev.gatehouse.resource.profile.UserProfileTool;
import dev.gatehouse.shared.dpop.DpopVerifier;
import dev.gatehouse.shared.dpop.DpopVerifier.ProofTarget;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.jose.FixedKeys;
import dev.gatehouse.shared.jose.JwtRules;
import dev.gatehouse.shared.jose.JwtVerifier;
import dev.gatehouse.shared.jose.KeySigner;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.SigningKey;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The methods that take most of the time of a request, as JMH calls them. The inputs are valid: the setup fails if a method refuses one. */
@State(Scope.Benchmark)
public class HotMethods {
    /** Signatures are verified on worker threads. A batch shares the time that waiting for them takes. */
    private static final int BATCH = 32;
    private static final String ISSUER = "https://auth.example";
    private static final String TOKEN = SecretToken.generate("gha_");
    private static final String FORM = "grant_type=client_credentials&scope=mcp%3Aread+mcp%3Awrite&resource=https%3A%2F%2Fmcp.example%2Fmcp";
    private static final byte[] CALL = """
        {"jsonrpc": "2.0", "id": 17, "method": "tools/call", "params": {"name": "create_secure_note", "arguments":
        {"title": "Shopping", "content": "Milk, bread and the newspaper of today", "tags": ["home", "today"]}}}""".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, Object> PROFILE = Map.of("user_id", "testuser", "sub", "usr_0123456789", "email", "test@example.com", "name", "Test User",
        "created_at", "2026-01-02T03:04:05Z", "permissions", List.of("mcp:read", "mcp:write"));
    private static final int RULES = 100;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final IntrospectionDocument document = new IntrospectionDocument(ISSUER);
    private final ActiveToken active = active();
    private final MessageCodec codec = new MessageCodec(64);
    private final ToolSchema output = new ToolSchema(new SchemaCompiler(new ObjectMapper()), new UserProfileTool().definition().outputSchema());
    private final Principal caller = new Principal(ISSUER, "usr_0123456789", "client", Set.of("mcp:read"), Long.MAX_VALUE,
        new JsonObject().put("username", "testuser").put("groups", JsonArray.of("staff")));
    private final ToolDefinition tool = new UserProfileTool().definition();
    private final Map<String, Object> arguments = Map.of("member_7", "y");
    private final JwtVerifier jwts = new JwtVerifier(vertx);
    private final JwtRules rules = JwtRules.typed("at+jwt").by(EnumSet.of(SigningAlgorithm.ES256));
    private final DpopVerifier proofs = new DpopVerifier(vertx, DpopVerifier.ProofLifetime.of(3_600), Clock.systemUTC());
    private final String proof = new ProofMaker(Clock.systemUTC()).proof("POST", ISSUER + "/oauth/token");
    private final ProofTarget target = ProofTarget.post(ISSUER + "/oauth/token");
    private Path policyFile;
    private WatchedPolicy policy;
    private FixedKeys keys;
    private String jwt;

    private static ActiveToken active() {
        long now = System.currentTimeMillis();
        AccessToken token = new AccessToken(SecretToken.hash(TOKEN), "grant", "client", "usr_0123456789", Scopes.parse("mcp:read mcp:write"),
            List.of("https://mcp.example/mcp"), now, now + 3_600_000, null);
        return new ActiveToken(token, new ActiveUser("testuser", "test@example.com", "Test User", now, now), List.of(), LoginClaims.NONE);
    }

    /** Makes the inputs, and requires that each method accepts its own. */
    @Setup
    public void setUp() throws IOException {
        SigningKey key = SigningKey.generate(SigningAlgorithm.ES256);
        keys = new FixedKeys(List.of(key.verificationKey()));
        jwt = wait(new KeySigner(vertx, key).sign("at+jwt", new JsonObject().put("iss", ISSUER).put("sub", "usr_0123456789").put("scope", "mcp:read")));
        policy = policy();
        wait(jwts.verify(jwt, rules, keys));
        wait(proofs.verify(List.of(proof), target));
        require(output.problem(PROFILE).isEmpty());
        require(policyDecision() == Verdict.ALLOWED);
        require(formParse().single("scope").equals("mcp:read mcp:write"));
    }

    private WatchedPolicy policy() throws IOException {
        JsonArray all = new JsonArray();
        for (int i = 0; i < RULES; i++) {
            all.add(PolicyServers.mixedRule(i));
        }
        policyFile = Files.createTempFile("policy", ".json");
        Files.writeString(policyFile, new JsonObject().put("default", "allow").put("rules", all).encode());
        return WatchedPolicy.open(vertx, policyFile, "bench", false, Clock.systemUTC());
    }

    /** Ends the threads, and deletes the file. */
    @TearDown
    public void tearDown() throws IOException {
        policy.close();
        wait(vertx.close());
        Files.delete(policyFile);
    }

    /** The hash by which a token is stored and found. */
    @Benchmark
    public String tokenHash() {
        return SecretToken.hash(TOKEN);
    }

    /** The introspection response of a user's token, when the token enters the index. */
    @Benchmark
    public byte[] introspectionResponse() {
        return document.withoutTimes(active, new JsonObject());
    }

    /** The form of a token request. */
    @Benchmark
    public FormParameters formParse() {
        return FormParameters.parse(FORM);
    }

    /** A call of a tool as it arrives. */
    @Benchmark
    public JSONRPCMessage messageDecode() {
        return codec.decode(CALL);
    }

    /** The structured result of a tool against its schema. */
    @Benchmark
    public Optional<String> outputValidation() {
        return output.problem(PROFILE);
    }

    /** The decision of a policy of 100 rules for a known caller. */
    @Benchmark
    public Verdict policyDecision() {
        return policy.decide(caller, tool, arguments);
    }

    /** The header and the ES256 signature of a JWT. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Object jwtVerify() {
        return batch(() -> jwts.verify(jwt, rules, keys));
    }

    /** A DPoP proof with an ES256 signature, of a known key. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Object dpopProofCheck() {
        return batch(() -> proofs.verify(List.of(proof), target));
    }

    private static Object batch(Supplier<Future<?>> check) {
        return wait(Future.all(Stream.generate(check).limit(BATCH).toList()));
    }

    private static <T> T wait(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static void require(boolean accepted) {
        if (!accepted) {
            throw new IllegalStateException("a method refuses its input");
        }
    }
}
