package dev.gatehouse.shared.flight;

import io.vertx.core.json.JsonArray;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One login attempt of one client, from its first request to the first call with its token. Confined to {@link LoginAttempts}, but for {@link #hasArrived}. */
final class Attempt {

    private static final int MOST_EXCHANGES = 200;
    private static final int MOST_CHARACTERS = 512 * 1024;

    private final Instant begun;
    private final String id;
    private final List<Exchange> exchanges = new ArrayList<>();
    private final List<Decision> decisions = new ArrayList<>();
    private final KnownClient.Marks marks = new KnownClient.Marks();
    private final Set<String> shown = new HashSet<>();
    private KnownClient.Sighting earlier;
    private Instant last;
    private int characters;
    private int leftOut;
    private boolean counts;
    private boolean registered;
    private Optional<KnownClient.Sighting> registeredAs = Optional.empty();
    private boolean asked;
    private volatile boolean arrived;
    private boolean changed;

    Attempt(String id, Instant begun) {
        this.id = id;
        this.begun = begun;
        this.last = begun;
    }

    String id() {
        return id;
    }

    Instant last() {
        return last;
    }

    /** Returns whether the MCP server has accepted its token, and has refused nothing since. */
    boolean hasArrived() {
        return arrived;
    }

    /** Returns whether an exchange of the same client, which shares no secret with this attempt, belongs to it. */
    boolean continuesWith(Exchange exchange) {
        return !arrived && !(asked && ServedStep.begins(exchange)) && !(exchange.step().equals("registration") && isAnother(exchange));
    }

    /** A program that registers twice, or under another name, is another client. */
    private boolean isAnother(Exchange registration) {
        return registered || registeredAs.isPresent() && !registeredAs.equals(KnownClient.of(List.of(registration)));
    }

    /** Adds an exchange. Successful calls after the login are no part of it. */
    void add(Exchange exchange, Decision decision, Instant now) {
        last = now;
        if (arrived && !decision.isRefusal() && !exchange.step().startsWith("token")) {
            return;
        }
        if (exchange.step().equals("registration")) {
            registered |= !decision.isRefusal();
            registeredAs = registeredAs.or(() -> KnownClient.of(List.of(exchange)));
        }
        counts |= ServedStep.isAttempt(exchange);
        asked |= exchange.step().startsWith(ServedStep.AUTHORIZE) || exchange.step().equals("device") || exchange.step().startsWith("token");
        arrived = ServedStep.isArrival(exchange) || arrived && !decision.isRefusal();
        int size = exchange.url().length() + exchange.requestBody().length() + exchange.body().length() + exchange.requestHeaders().toString().length()
            + exchange.headers().toString().length();
        if (exchanges.size() == MOST_EXCHANGES || characters + size > MOST_CHARACTERS) {
            leftOut++;
        } else {
            characters += size;
            exchanges.add(exchange);
            decisions.add(decision);
            marks.add(exchange);
        }
        changed = counts;
    }

    /** Names the client, which an earlier attempt of it showed; null for no such client. */
    void isOf(KnownClient.Sighting client) {
        earlier = earlier == null ? client : earlier;
    }

    /** The client by its marks, most telling first: a known client of this attempt, that of an earlier one, the name that it gave itself. */
    Optional<KnownClient.Sighting> client() {
        Optional<KnownClient.Sighting> here = marks.client();
        return here.filter(client -> !client.id().isEmpty()).or(() -> Optional.ofNullable(earlier)).or(() -> here);
    }

    /** Returns true for the first refusal of each kind: a client that repeats itself is reported once. */
    boolean isNew(Decision refusal) {
        return shown.size() < MOST_EXCHANGES && shown.add(refusal.step() + " " + refusal.error());
    }

    /** Returns true once after each change. */
    boolean takeChange() {
        boolean taken = changed;
        changed = false;
        return taken;
    }

    /** The step that the attempt did not pass; empty after a whole login. */
    private Optional<String> stoppedAt() {
        return arrived ? Optional.empty() : exchanges.stream().filter(ServedStep::isAttempt).reduce((before, after) -> after).map(Exchange::step);
    }

    /** A copy that another thread may turn into a record. */
    Snapshot snapshot() {
        return new Snapshot(id, begun, client(), List.copyOf(exchanges), List.copyOf(decisions), stoppedAt(), leftOut);
    }

    /** An attempt as it was at a moment. @param leftOut the number of exchanges above the bounds */
    record Snapshot(String id, Instant begun, Optional<KnownClient.Sighting> client, List<Exchange> exchanges, List<Decision> decisions, Optional<String> stoppedAt, int leftOut) {

        /** Removes all secrets. Takes time that an event loop has not. */
        FlightRecord record(String server) {
            Redaction redaction = Redaction.of(server, exchanges);
            JsonArray reasons = new JsonArray(new ArrayList<>(decisions.stream().map(decision -> decision.toJson(redaction)).toList()));
            if (leftOut > 0) {
                reasons.add(leftOut + " further requests are left out");
            }
            List<Exchange> clean = exchanges.stream().map(redaction::redact).map(Disclosure::of).toList();
            return new FlightRecord(begun, server, client.map(seen -> new KnownClient.Sighting(seen.id(), redaction.text(seen.name()), redaction.text(seen.mark()))), stoppedAt, clean, reasons, new JsonArray());
        }

        /** The name of the file: the time, the client and a number. */
        String fileName() {
            String name = client.map(KnownClient.Sighting::id).filter(known -> !known.isEmpty()).orElse("client");
            return begun.toString().replaceAll("[:.]", "-") + "-" + name + "-" + id + ".json";
        }
    }
}
