package dev.gatehouse.client.doctor;

import dev.gatehouse.client.doctor.PatientServer.Reply;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.UserInteraction;
import dev.gatehouse.fixtures.Ports;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** An examination of a server for the tests, with a user who allows each request at once. */
final class Visit implements UserInteraction, AutoCloseable {

    private static final Duration LOGIN = Duration.ofSeconds(2);
    private static final Duration STREAM = Duration.ofSeconds(2);
    final Vertx vertx = Vertx.vertx();
    final HttpCaller http = new HttpCaller(vertx);
    final TlsWalk tls = new TlsWalk(vertx, null, Clock.systemUTC());

    Evidence examine(String url) {
        return Waiting.on(new Examination(vertx, http, tls, new Examination.Settings(URI.create(url), ClientProfile.ALL, null, this, LOGIN, STREAM)).run());
    }

    Evidence examine(Consumer<Reply> fault) {
        try (PatientServer server = new PatientServer(vertx, Ports.free(), fault)) {
            return examine(server.url());
        }
    }

    static List<String> failures(Evidence evidence) {
        return Doctor.diagnose(evidence).stream().filter(Finding::failed).map(finding -> finding.check().id() + ": " + finding.outcome().seen()).toList();
    }

    static Outcome outcome(Evidence evidence, String check) {
        return Doctor.diagnose(evidence).stream().filter(finding -> finding.check().id().equals(check)).findFirst().orElseThrow().outcome();
    }

    static void withSlashAtTheIssuer(Reply reply) {
        if (reply.headers.contains("Location")) {
            reply.headers.set("Location", reply.headers.get("Location").replaceAll("([?&]iss=[^&]*)", "$1%2F"));
        }
    }

    static void withoutParameter(Reply reply, String name) {
        if (reply.headers.contains("Location")) {
            reply.headers.set("Location", reply.headers.get("Location").replaceAll("&" + name + "=[^&]*", ""));
        }
    }

    @Override
    public Future<Void> open(LoginRequest request) {
        return http.call(HttpCall.get(URI.create(request.url() + "&allow=yes"), "text/html"))
            .compose(answer -> http.call(HttpCall.get(URI.create(answer.headers().get("Location")), "text/html"))).mapEmpty();
    }

    @Override
    public Future<String> openAndPaste(LoginRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Future<Void> show(DeviceCode code) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        Waiting.on(vertx.close());
    }
}
