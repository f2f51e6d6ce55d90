package dev.gatehouse.it.chaos;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

/** A client with a user at a browser. It logs in, gets tokens of every kind, refreshes and revokes them, at any of the nodes. */
final class Caller {

    private static final String DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private static final int HELD = 6;
    private static final Duration REST_AFTER_FAILURE = Duration.ofMillis(50);
    /** Less than the grace of a refresh token. */
    private static final long RETRIED_NANOS = Duration.ofSeconds(35).toNanos();
    private final Installation installation;
    private final Ledger ledger;
    private final Random random;
    private final Journey journey;
    private final List<OAuthClient> nodes;
    private final String deviceClient;
    private final NoteWriter notes;
    private final Deque<Held> held = new ArrayDeque<>();

    /** Tokens of a refresh token family. @param unansweredSince the time of the first refresh that got no answer; 0 for none */
    private record Held(Tokens tokens, long unansweredSince) {
    }

    Caller(Installation installation, Ledger ledger, NoteWriter notes, String deviceClient, long seed) {
        this.installation = installation;
        this.ledger = ledger;
        this.notes = notes;
        this.deviceClient = deviceClient;
        random = new Random(seed);
        journey = Journey.demo(installation.issuer());
        nodes = installation.authorizationServers().stream().map(installation::client).toList();
    }

    /** Makes one operation after the other until the end. */
    void run(BooleanSupplier ended) {
        while (!ended.getAsBoolean()) {
            ledger.operation();
            try {
                operate(random.nextInt(16));
            } catch (UncheckedIOException | IllegalStateException | AssertionError noAnswer) {
                LockSupport.parkNanos(REST_AFTER_FAILURE.toNanos());
            }
        }
    }

    private void operate(int choice) {
        if (choice < 4) {
            codeFlow(choice == 0);
        } else if (choice < 8) {
            refresh(choice == 4);
        } else if (choice < 10) {
            revoke();
        } else if (choice < 11) {
            device();
        } else if (choice < 12) {
            accept(node().clientCredentials(), "client credentials");
        } else {
            notes.write(random);
        }
    }

    private OAuthClient node() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    private void codeFlow(boolean twice) {
        Pkce pkce = Pkce.fresh();
        String code = journey.code(nodes.get(0), pkce);
        if (!twice) {
            Tokens tokens = accept(node().redeem(code, pkce), "a fresh code");
            if (tokens != null) {
                hold(new Held(tokens, 0));
            }
            return;
        }
        Answers answers = bothAtOnce(node -> node.redeem(code, pkce));
        if (answers.granted().size() > 1) {
            ledger.doubled("two redemptions of one code");
        } else if (answers.granted().isEmpty() && answers.refused() == 2) {
            ledger.lost("both of two redemptions of one code were refused");
        } else if (answers.granted().size() == 1 && answers.refused() == 1) {
            // The second redemption revokes the tokens of the first.
            ledger.revoked(answers.granted().get(0));
        }
    }

    private void refresh(boolean twice) {
        Held current = held.pollFirst();
        if (current == null) {
            return;
        }
        ledger.forget(current.tokens());
        String token = current.tokens().refresh();
        Answers answers = twice ? bothAtOnce(node -> node.refresh(token)) : Answers.of(Collections.singletonList(attempt(node(), node -> node.refresh(token))), ledger);
        boolean inGrace = current.unansweredSince() == 0 || System.nanoTime() - current.unansweredSince() < RETRIED_NANOS;
        if (answers.granted().stream().map(Tokens::refresh).distinct().count() > 1) {
            ledger.doubled("two successors of one refresh token");
        } else if (answers.refused() > 0) {
            if (inGrace) {
                ledger.lost("a valid refresh token was refused: " + answers.refusal());
            }
        } else if (answers.granted().isEmpty()) {
            held.addLast(new Held(current.tokens(), current.unansweredSince() == 0 ? System.nanoTime() : current.unansweredSince()));
        } else {
            // Both have one refresh token. A revocation would end the access token of the other too.
            ledger.issued(answers.granted().get(0));
            hold(new Held(answers.granted().get(0), 0));
        }
    }

    private void hold(Held tokens) {
        held.addLast(tokens);
        if (held.size() > HELD) {
            held.removeFirst();
        }
    }

    private void revoke() {
        Held current = held.pollLast();
        if (current == null) {
            return;
        }
        ledger.forget(current.tokens());
        if (current.unansweredSince() == 0 && node().revoke(current.tokens().refresh()).statusCode() == 200) {
            ledger.revoked(current.tokens());
        }
    }

    private void device() {
        JsonObject begun = new JsonObject(require(200, Http.postForm(node().issuer() + "/oauth/device_authorization",
            Map.of("client_id", deviceClient, "scope", "mcp:read"))).body());
        if (!journey.approveDevice(begun.getString("verification_uri_complete"))) {
            return;
        }
        Answers answers = bothAtOnce(node -> Http.postForm(node.tokenUrl(), new LinkedHashMap<>(Map.of("grant_type", DEVICE_GRANT,
            "client_id", deviceClient, "device_code", begun.getString("device_code")))));
        if (answers.granted().size() > 1) {
            ledger.doubled("two grants of one device code");
        }
        answers.granted().forEach(ledger::issued);
    }

    private Tokens accept(HttpResponse<String> response, String what) {
        Answers answers = Answers.of(List.of(response), ledger);
        if (answers.refused() > 0) {
            ledger.lost(what + " was refused: " + answers.refusal());
        }
        answers.granted().forEach(ledger::issued);
        return answers.granted().isEmpty() ? null : answers.granted().get(0);
    }

    /** Sends the request to the first and to the last node, which are one on SQLite. */
    private Answers bothAtOnce(Function<OAuthClient, HttpResponse<String>> request) {
        List<CompletableFuture<HttpResponse<String>>> both = Stream.of(nodes.get(0), nodes.get(nodes.size() - 1))
            .map(node -> CompletableFuture.supplyAsync(() -> attempt(node, request))).toList();
        return Answers.of(both.stream().map(CompletableFuture::join).toList(), ledger);
    }

    /** Returns null if no answer came. */
    private static HttpResponse<String> attempt(OAuthClient node, Function<OAuthClient, HttpResponse<String>> request) {
        try {
            return request.apply(node);
        } catch (UncheckedIOException noAnswer) {
            return null;
        }
    }

    private static HttpResponse<String> require(int status, HttpResponse<String> response) {
        if (response.statusCode() != status) {
            throw new IllegalStateException(response.statusCode() + " " + response.body());
        }
        return response;
    }

    /** The answers of the token endpoint, without those that promise nothing. */
    private record Answers(List<Tokens> granted, List<String> refusals) {

        static Answers of(List<HttpResponse<String>> responses, Ledger ledger) {
            List<HttpResponse<String>> came = responses.stream().filter(response -> response != null).toList();
            came.stream().filter(response -> response.statusCode() >= 500 && response.statusCode() != 503)
                .forEach(response -> ledger.broken(response.uri() + " " + response.statusCode() + " " + response.body()));
            return new Answers(came.stream().filter(response -> response.statusCode() == 200).map(response -> Tokens.of(response.body())).toList(),
                came.stream().filter(response -> response.statusCode() / 100 == 4 && response.statusCode() != 429)
                    .map(response -> response.statusCode() + " " + response.body()).toList());
        }

        int refused() {
            return refusals.size();
        }

        String refusal() {
            return refusals.get(0);
        }
    }
}
