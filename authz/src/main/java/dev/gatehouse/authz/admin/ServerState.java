package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.GrantListStore.GrantFilter;
import dev.gatehouse.authz.audit.AuditChain.ChainedEvent;
import dev.gatehouse.authz.audit.AuditFilter;
import dev.gatehouse.authz.audit.AuditStore;
import dev.gatehouse.authz.audit.AuditStore.EventCount;
import dev.gatehouse.authz.audit.AuditVerification;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.key.SigningKeyStore.StoredKey;
import dev.gatehouse.authz.key.SigningKeys;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import static dev.gatehouse.authz.admin.PeopleStore.time;

/** The operations on the state of the server: access, keys, the configuration and the audit trail. */
public final class ServerState {

    private static final long HOUR = 3_600_000;
    private static final int HOURS = 24;
    private static final int FOUND = 20;
    private static final int EXPORTED = 10_000;
    private static final Set<String> TOKENS = Set.of("token_issued", "token_exchanged");
    private static final Set<String> LOGINS = Set.of("login_succeeded");
    private static final Set<String> REFUSALS = Set.of("login_failed", "login_locked", "federated_login_failed", "consent_denied", "scopes_refused", "admin_refused");
    private static final Set<String> ERRORS = Set.of("client_refused", "request_refused", "code_refused", "code_replayed", "refresh_token_refused", "refresh_token_reused");

    private final GrantListStore grants;
    private final SigningKeyStore keyStore;
    private final SigningKeys keys;
    private final AuditStore audit;
    private final People people;
    private final Applications applications;
    private final List<ScopeOptions> scopes;
    private final List<JsonObject> resources;
    private final Clock clock;

    public ServerState(GrantListStore grants, SigningKeyStore keyStore, SigningKeys keys, AuditStore audit, People people, Applications applications, List<ScopeOptions> scopes,
                List<JsonObject> resources, Clock clock) {
        this.grants = grants;
        this.keyStore = keyStore;
        this.keys = keys;
        this.audit = audit;
        this.people = people;
        this.applications = applications;
        this.scopes = scopes;
        this.resources = resources;
        this.clock = clock;
    }

    Future<Answer> overview(AdminCall call) {
        long now = clock.millis();
        long first = now / HOUR * HOUR - (HOURS - 1) * HOUR;
        return grants.counts(now).compose(counts -> audit.hourly(first).map(events -> Answer.of(new JsonObject().put("counts", counts).put("hours", hours(first, events)))));
    }

    private static JsonArray hours(long first, List<EventCount> events) {
        JsonArray hours = new JsonArray();
        for (int i = 0; i < HOURS; i++) {
            long hour = first + i * HOUR;
            hours.add(new JsonObject().put("at", time(hour)).put("tokens", sum(events, hour, TOKENS::contains)).put("logins", sum(events, hour, LOGINS::contains))
                .put("refusals", sum(events, hour, REFUSALS::contains)).put("errors", sum(events, hour, ERRORS::contains)));
        }
        return hours;
    }

    private static long sum(List<EventCount> events, long hour, Predicate<String> counted) {
        return events.stream().filter(each -> each.hour() == hour && counted.test(each.event())).mapToLong(EventCount::events).sum();
    }

    /** People and clients by name, and grants by resource. A resource finds all that can reach it, and the clients by which. */
    Future<Answer> search(AdminCall call) {
        String text = call.text("q");
        return people.search(text, FOUND).compose(users -> applications.search(text, FOUND).compose(clients ->
            grants.grants(new GrantFilter(null, null, text, "live"), null, clock.millis(), FOUND).map(found -> Answer.of(new JsonObject()
                .put("users", new JsonArray(users)).put("clients", new JsonArray(clients)).put("grants", new JsonArray(found))))));
    }

    Future<Answer> listGrants(AdminCall call) {
        GrantFilter filter = new GrantFilter(call.text("sub"), call.text("client_id"), call.text("resource"), call.text("state"));
        return grants.grants(filter, call.cursor(2), clock.millis(), call.limit() + 1).map(found -> Answer.page(found, call.limit(),
            last -> AdminCall.cursorOf(Instant.parse(last.getString("created_at")).toEpochMilli(), last.getString("grant_id"))));
    }

    Future<Answer> readGrant(AdminCall call) {
        return grants.grant(call.path("grant_id")).map(found -> Answer.of(found.orElseThrow(() -> Problem.notFound("There is no such grant"))));
    }

    Future<Answer> revokeGrant(AdminCall call) {
        return grants.revoke(call.path("grant_id"), call::requireMayChange, clock.millis()).map(Answer.none());
    }

    Future<Answer> listSessions(AdminCall call) {
        return grants.sessions(call.text("sub"), call.cursor(2), clock.millis(), call.limit() + 1).map(found -> Answer.page(found, call.limit(),
            last -> AdminCall.cursorOf(Instant.parse(last.getString("authenticated_at")).toEpochMilli(), last.getString("session_id"))));
    }

    Future<Answer> endSession(AdminCall call) {
        return grants.endSession(call.path("session_id"), call::requireMayChange).map(Answer.none());
    }

    Future<Answer> endAccess(AdminCall call) {
        return people.read(call).compose(found -> grants.endAccess(call.path("sub"), call::requireMayChange, clock.millis())).map(Answer.none());
    }

    Future<Answer> listKeys(AdminCall call) {
        return keyStore.read().map(set -> Answer.page(set.keys().stream().map(ServerState::key).toList(), Integer.MAX_VALUE, last -> ""));
    }

    private static JsonObject key(StoredKey key) {
        return new JsonObject().put("kid", key.kid()).put("algorithm", key.algorithm()).put("public_jwk", new JsonObject(key.publicJwk())).put("created_at", time(key.createdAt()))
            .put("signs_from", time(key.activatesAt())).put("needed_until", time(key.neededUntil()));
    }

    Future<Answer> readKey(AdminCall call) {
        return requireKey(call).map(Answer::tagged);
    }

    /** The time until which a key is needed moves with its tokens, so it is no part of the tag. */
    private Future<JsonObject> requireKey(AdminCall call) {
        return keyStore.read().map(set -> set.keys().stream().filter(key -> key.kid().equals(call.path("kid"))).findFirst().map(ServerState::key)
            .orElseThrow(() -> Problem.notFound("There is no such key")));
    }

    Future<Answer> rotateKey(AdminCall call) {
        return keys.rotate().map(begins -> new Answer(201, new JsonObject().put("signs_from", time(begins)), null, null));
    }

    Future<Answer> removeKey(AdminCall call) {
        return requireKey(call).map(key -> {
            call.requireMatch(key);
            return key;
        }).compose(key -> keyStore.remove(call.path("kid"), clock.millis())).compose(removed -> keys.maintain()).map(Answer.none());
    }

    Future<Answer> listScopes(AdminCall call) {
        return Future.succeededFuture(Answer.page(scopes.stream().map(scope -> new JsonObject().put("name", scope.name()).put("title", scope.title())
            .put("description", scope.description()).put("implies", new JsonArray(scope.implies()))).toList(), Integer.MAX_VALUE, last -> ""));
    }

    Future<Answer> listResources(AdminCall call) {
        return Future.succeededFuture(Answer.page(resources, Integer.MAX_VALUE, last -> ""));
    }

    Future<Answer> listAudit(AdminCall call) {
        String[] before = call.cursor(1);
        return audit.newest(filter(call), before == null ? 0 : GrantListStore.number(before[0]), call.limit() + 1).map(found -> Answer.page(
            found.stream().map(ChainedEvent::json).toList(), call.limit(), last -> AdminCall.cursorOf(last.getLong("seq"))));
    }

    private static AuditFilter filter(AdminCall call) {
        return new AuditFilter(call.text("event"), call.text("actor"), call.text("client_id"), call.text("resource"), call.text("source"), call.text("request_id"),
            call.text("trace_id"), millis(call, "since"), millis(call, "until"), call.text("about"));
    }

    private static Long millis(AdminCall call, String name) {
        String text = call.text(name);
        try {
            return text == null ? null : Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException wrong) {
            throw Problem.invalid("The parameter " + name + " is a time such as 2026-01-31T12:00:00Z");
        }
    }

    /** One export has a bounded number of events. A later one continues after the time of the last. */
    Future<Answer> exportAudit(AdminCall call) {
        return export(filter(call), 0, new ArrayList<>()).map(lines -> new Answer(200, null, null, lines.stream().map(line -> line + "\n").collect(Collectors.joining())));
    }

    private Future<List<String>> export(AuditFilter filter, long after, List<String> lines) {
        return audit.matching(filter, after, 1_000).compose(events -> {
            events.forEach(event -> lines.add(event.json().encode()));
            return events.size() < 1_000 || lines.size() >= EXPORTED ? Future.succeededFuture(lines) : export(filter, events.get(events.size() - 1).seq(), lines);
        });
    }

    Future<Answer> verifyAudit(AdminCall call) {
        return new AuditVerification(audit).verify(null).map(result -> Answer.of(new JsonObject().put("intact", result.faults().isEmpty()).put("events", result.events())
            .put("first", result.first()).put("last", result.last()).put("hash", result.hash()).put("faults", new JsonArray(result.faults()))));
    }
}
