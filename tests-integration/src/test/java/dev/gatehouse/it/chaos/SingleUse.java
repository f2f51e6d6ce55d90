package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.ProofMaker;
import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gives each value that counts once to many callers at once, on two nodes over one PostgreSQL database. */
final class SingleUse implements AutoCloseable {

    private static final int CALLERS = 50;
    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private final PrintStream out;
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Installation installation;
    private final List<OAuthClient> nodes;
    private final Journey journey;
    private final Crowd crowd = new Crowd(CALLERS);
    private int failures;

    SingleUse(PrintStream out) throws IOException {
        this.out = out;
        installation = new Installation(Installation.Engine.POSTGRESQL, vertx);
        nodes = installation.authorizationServers().stream().map(installation::client).toList();
        journey = Journey.demo(installation.issuer());
    }

    /** The callers that got what one of them may get, and those that were refused. */
    private record Outcome(long winners, long refused) {
    }

    /** Runs the rounds of every kind of value. Returns how many had another number of winners than one. */
    int run(int rounds) {
        String device = installation.register(DEVICE_GRANT).id();
        OAuthClient machine = installation.register("client_credentials");
        ProofMaker key = new ProofMaker(Clock.systemUTC());
        String signer = registerKey(key);
        measure("authorization codes", rounds, () -> {
            Pkce pkce = Pkce.fresh();
            String code = journey.code(nodes.get(0), pkce);
            return granted(node -> node.redeem(code, pkce));
        });
        measure("refresh tokens (successors)", rounds, this::successors);
        measure("device codes", rounds, () -> {
            String code = approvedDeviceCode(device);
            return granted(node -> Http.postForm(node.tokenUrl(), new HashMap<>(Map.of("grant_type", DEVICE_GRANT, "client_id", device, "device_code", code))));
        });
        measure("DPoP proofs (jti)", rounds, () -> {
            String proof = key.proof("POST", installation.issuer() + "/oauth/token");
            return granted(node -> Http.postForm(node.tokenUrl(), new HashMap<>(Map.of("grant_type", "client_credentials")),
                "Authorization", OAuthClient.basic(machine.id(), machine.secret()), "DPoP", proof));
        });
        measure("client assertions (jti)", rounds, () -> {
            String assertion = assertion(key, signer);
            return granted(node -> Http.postForm(node.tokenUrl(), new HashMap<>(Map.of("grant_type", "client_credentials",
                "client_assertion_type", ASSERTION, "client_assertion", assertion))));
        });
        return failures;
    }

    private void measure(String name, int rounds, Supplier<Outcome> round) {
        long begun = System.nanoTime();
        int wrong = 0;
        long refused = 0;
        for (int i = 0; i < rounds; i++) {
            Outcome outcome = round.get();
            wrong += outcome.winners() == 1 ? 0 : 1;
            refused += outcome.refused();
        }
        failures += wrong;
        out.printf(Locale.ROOT, "%s: %d rounds of %d callers on two nodes, %d refused, %d rounds without exactly one winner; %.0f s%n", name, rounds, CALLERS,
            refused, wrong, (System.nanoTime() - begun) / 1e9);
    }

    private Outcome granted(Function<OAuthClient, HttpResponse<String>> request) {
        List<Integer> statuses = crowd.atOnce(caller -> request.apply(nodes.get(caller % nodes.size())).statusCode());
        return new Outcome(statuses.stream().filter(status -> status == 200).count(), statuses.stream().filter(status -> status / 100 == 4).count());
    }

    /** All callers may get the same successor. */
    private Outcome successors() {
        Tokens tokens = journey.tokens(nodes.get(0));
        List<HttpResponse<String>> answers = crowd.atOnce(caller -> nodes.get(caller % nodes.size()).refresh(tokens.refresh()));
        return new Outcome(answers.stream().filter(answer -> answer.statusCode() == 200).map(answer -> Tokens.of(answer.body()).refresh()).distinct().count(),
            answers.stream().filter(answer -> answer.statusCode() / 100 == 4).count());
    }

    private String approvedDeviceCode(String client) {
        JsonObject begun = new JsonObject(Http.postForm(installation.issuer() + "/oauth/device_authorization",
            new HashMap<>(Map.of("client_id", client, "scope", "mcp:read"))).body());
        if (!journey.approveDevice(begun.getString("verification_uri_complete"))) {
            throw new IllegalStateException("The device was not approved");
        }
        return begun.getString("device_code");
    }

    private String registerKey(ProofMaker key) {
        JsonObject jwks = new JsonObject().put("keys", new JsonArray().add(key.publicKey()));
        return new JsonObject(Http.post(installation.issuer() + "/oauth/register", Http.JSON, new JsonObject().put("client_name", "Signer")
            .put("grant_types", new JsonArray().add("client_credentials")).put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"))
            .put("scope", "mcp:read").put("token_endpoint_auth_method", "private_key_jwt").put("jwks", jwks).encode()).body()).getString("client_id");
    }

    /** A proof has a {@code jti} and a signature; other claims make an assertion of it (RFC 7523 §3). */
    private String assertion(ProofMaker key, String client) {
        long now = Clock.systemUTC().millis() / 1_000;
        return key.proof("POST", installation.issuer(), header -> {
            header.remove("jwk");
            header.put("typ", "JWT");
        }, claims -> claims.put("iss", client).put("sub", client).put("aud", installation.issuer()).put("exp", now + 60));
    }

    @Override
    public void close() {
        crowd.close();
        installation.close();
    }
}
