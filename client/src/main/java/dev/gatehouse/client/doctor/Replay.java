package dev.gatehouse.client.doctor;

import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.http.SecureUrl;
import dev.gatehouse.client.oauth.MetadataPlaces;
import dev.gatehouse.shared.flight.Exchange;
import dev.gatehouse.shared.flight.FlightRecord;
import dev.gatehouse.shared.flight.Redaction;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;

/**
 * Sends the requests of a record again: same order, methods, headers and bodies. Values that the server gave are replaced by those that it gives
 * now. A request with a secret that only the recorded client had is sent with another value if it was refused, and left out if it was accepted.
 */
final class Replay {

    /** Requests that need a document which the doctor serves, or a stream which it watches. */
    private static final Set<String> OF_EXAMINATION = Set.of(Step.DOCUMENT, Step.AUTHORIZE_DOCUMENT, Step.STREAM, Step.LISTEN, Step.SSE, Step.SSE_MESSAGE);
    /** Headers that belong to a connection. */
    private static final Set<String> OF_CONNECTION = Set.of("host", "content-length", "connection", "transfer-encoding", "accept-encoding");
    /** A refusal with one of these may be of the secret. */
    private static final Set<String> OF_SECRET = Set.of("invalid_client", "invalid_grant", "invalid_token", "expired_token", "unauthorized");

    /**
     * A recorded request and its outcome now.
     *
     * @param fresh the request and its answer; null when it was not sent
     * @param reason the reason why it was not sent; empty when it was
     */
    record Resent(Exchange recorded, Exchange fresh, String reason) {

        boolean wasSent() {
            return fresh != null;
        }
    }

    private final Recorder recorder;
    private final TlsWalk tls;
    private final FlightRecord record;
    private final URI target;
    private final Bindings bindings = new Bindings();
    private final Set<String> origins = new HashSet<>();
    private final List<Resent> resent = new ArrayList<>();

    Replay(HttpCaller http, TlsWalk tls, FlightRecord record, URI target) {
        this.recorder = new Recorder(http);
        this.tls = tls;
        this.record = record;
        this.target = target;
    }

    /** Runs the replay and returns the requests in their order. */
    Future<List<Resent>> run() {
        URI before = URI.create(record.server());
        bindings.put(record.server(), target.toString());
        bindings.put(SecureUrl.origin(before), SecureUrl.origin(target));
        origins.add(SecureUrl.origin(target));
        Future<?> all = authorizationServer(SecureUrl.origin(before));
        for (Exchange exchange : record.exchanges()) {
            all = all.compose(done -> send(exchange));
        }
        return all.map(resent);
    }

    /** Returns the requests and answers of the replay, as evidence for the checks. */
    Evidence evidence() {
        return new Evidence(target, resent.stream().filter(Resent::wasSent).map(Resent::fresh).toList());
    }

    /** Finds the authorization server that the target names, which stands for the recorded one. */
    private Future<?> authorizationServer(String serverBefore) {
        Recorder aside = new Recorder(recorder.http());
        Future<?> found = Future.succeededFuture();
        for (String place : MetadataPlaces.ofResource(target, Optional.empty())) {
            found = found.compose(done -> aside.evidence(target).resource().isPresent() ? Future.succeededFuture()
                : aside.call(Step.RESOURCE_METADATA, HttpCall.get(URI.create(place), "application/json")));
        }
        return found.onSuccess(done -> aside.evidence(target).issuer().flatMap(Replay::originOf).filter(origin -> mayCall(URI.create(origin))).ifPresent(issuer -> {
            origins.add(issuer);
            record.exchanges().stream().filter(each -> !each.step().startsWith("mcp.") && !each.step().startsWith(Step.RESOURCE_METADATA)).map(Exchange::url)
                .flatMap(url -> originOf(url).stream()).filter(origin -> !origin.equals(serverBefore)).forEach(origin -> bindings.put(origin, issuer));
        }));
    }

    /** A server elsewhere must not make this program call services of the user's own machine. */
    private boolean mayCall(URI url) {
        return SecureUrl.isLoopback(target) || !SecureUrl.isLoopback(url);
    }

    private static Optional<String> originOf(String url) {
        try {
            return Optional.of(SecureUrl.origin(SecureUrl.parse(url, "A URL of the record")));
        } catch (CallException notAUrl) {
            return Optional.empty();
        }
    }

    private Future<?> send(Exchange recorded) {
        boolean refused = recorded.status() >= 400 && recorded.error().map(OF_SECRET::contains).orElse(true);
        Optional<HttpCall> call = call(recorded, refused);
        if (OF_EXAMINATION.contains(recorded.step())) {
            resent.add(new Resent(recorded, null, "an examination makes it, not a replay"));
            return Future.succeededFuture();
        }
        if (recorded.step().equals(Step.AUTHORIZATION_RESPONSE) && !recorded.url().contains("response_type=") || call.isEmpty()) {
            resent.add(new Resent(recorded, null, call.isEmpty() ? "it needs a login or a secret that the record does not have" : "a browser carries it"));
            return Future.succeededFuture();
        }
        Optional<String> origin = originOf(call.get().url().toString());
        if (origin.isEmpty() || !origins.contains(origin.get())) {
            resent.add(new Resent(recorded, null, "it went to another server than those of " + target));
            return Future.succeededFuture();
        }
        return again(recorded.step(), call.get()).onSuccess(fresh -> {
            bindings.learn(recorded, fresh);
            resent.add(new Resent(recorded, fresh, ""));
        });
    }

    private Future<Exchange> again(String step, HttpCall call) {
        return step.equals(Step.TLS) ? tls.with(call.url()).map(Handshake::toExchange) : recorder.call(step, call);
    }

    /** The request to send; empty when it has a secret that is not known. */
    private Optional<HttpCall> call(Exchange recorded, boolean refused) {
        Filling filling = new Filling(bindings, refused);
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        recorded.requestHeaders().forEach((name, values) -> values.stream().filter(value -> !OF_CONNECTION.contains(name) && !value.equals(Redaction.REDACTED)
            || name.equals("dpop")).forEach(value -> headers.add(name, filling.fill(name, bindings.text(value)))));
        boolean form = !recorded.form().isEmpty();
        String body = form ? filling.form(bindings.encoded(recorded.requestBody())) : filling.json(bindings.text(recorded.requestBody()));
        String url = Redaction.isPlaceholder(recorded.url()) ? filling.fill("url", bindings.text(recorded.url())) : filling.form(bindings.encoded(recorded.url()));
        try {
            return filling.complete ? Optional.of(new HttpCall(HttpMethod.valueOf(recorded.method()), new URI(url), headers, body.isEmpty() ? null : Buffer.buffer(body)))
                : Optional.empty();
        } catch (URISyntaxException notAUrl) {
            return Optional.empty();
        }
    }

    /** Puts values in the place of placeholders that no answer explains. */
    private static final class Filling {

        private final Bindings bindings;
        private final boolean refused;
        private boolean complete = true;

        private Filling(Bindings bindings, boolean refused) {
            this.bindings = bindings;
            this.refused = refused;
        }

        private String fill(String name, String text) {
            return Redaction.placeholders(text).replaceAll(found -> Matcher.quoteReplacement(value(name, found.group())));
        }

        /** A secret that other requests share came from the server, unless the client chose it; the others are guessed where a wrong one does. */
        private String value(String name, String placeholder) {
            boolean shared = !placeholder.equals(Redaction.REDACTED);
            if (Redaction.isCredential(name) && (shared || !refused)) {
                complete = false;
                return placeholder;
            }
            String value = SecretToken.generate("");
            bindings.put(placeholder, value);
            return value;
        }

        /** A query or a form, parameter by parameter. */
        private String form(String text) {
            StringBuilder filled = new StringBuilder();
            for (String part : text.split("(?<=[?&#])")) {
                int value = part.indexOf('=') + 1;
                filled.append(value == 0 ? fill("path", part) : part.substring(0, value) + fill(part.substring(0, value - 1), part.substring(value)));
            }
            return filled.toString();
        }

        private String json(String text) {
            if (!Redaction.placeholders(text).find()) {
                return text;
            }
            JsonObject body = new JsonObject(text);
            List.copyOf(body.fieldNames()).stream().filter(name -> Redaction.placeholders(String.valueOf(body.getValue(name))).find()).forEach(name -> {
                if (body.getValue(name) instanceof String value) {
                    body.put(name, fill(name, value));
                } else {
                    complete = false;
                }
            });
            return body.encode();
        }
    }
}
