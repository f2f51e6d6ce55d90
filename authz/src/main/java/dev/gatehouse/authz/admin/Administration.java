package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.PendingChangeStore.PendingChange;
import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;

import static java.util.Map.entry;

/** Performs the operations of the administration: checks the role, asks for a second owner, records each change and each refusal. */
public final class Administration {

    /** The caches that a change of a resource concerns, by the path parameter that names it. */
    private static final Map<String, InvalidationKind> CACHED = Map.of("sub", InvalidationKind.USER, "client_id", InvalidationKind.CLIENT, "url", InvalidationKind.CLIENT,
        "grant_id", InvalidationKind.GRANT);

    /** The members of a new resource that identify it, and the details of the event that have them. */
    private static final Map<String, String> IDENTIFIERS = Map.of("sub", "sub", "client_id", "client_id", "identity_id", "identity_id");

    private final Map<Operation, Function<AdminCall, Future<Answer>>> handlers;
    private final boolean fourEyes;
    private final PendingChangeStore changes;
    private final RoleStore roles;
    private final BiConsumer<InvalidationKind, String> forget;
    private final Supplier<Future<Void>> flushAudit;
    private final Clock clock;

    /**
     * @param forget removes a changed object from the caches of this process
     * @param flushAudit completes when the audit trail has the events so far
     */
    public Administration(People people, Applications applications, ServerState state, PolicyFiles policies, PendingChangeStore changes, RoleStore roles, boolean fourEyes,
                   BiConsumer<InvalidationKind, String> forget, Supplier<Future<Void>> flushAudit, Clock clock) {
        this.changes = changes;
        this.roles = roles;
        this.fourEyes = fourEyes;
        this.forget = forget;
        this.flushAudit = flushAudit;
        this.clock = clock;
        handlers = new EnumMap<>(Map.ofEntries(
            entry(Operation.OVERVIEW, state::overview), entry(Operation.SEARCH, state::search),
            entry(Operation.LIST_USERS, people::list), entry(Operation.CREATE_USER, people::create), entry(Operation.READ_USER, people::read),
            entry(Operation.CHANGE_USER, people::change), entry(Operation.DELETE_USER, people::delete), entry(Operation.SET_ROLE, people::setRole),
            entry(Operation.UNLOCK_USER, people::unlock), entry(Operation.END_ACCESS, state::endAccess),
            entry(Operation.LIST_IDENTITIES, people::listIdentities), entry(Operation.LINK_IDENTITY, people::link), entry(Operation.UNLINK_IDENTITY, people::unlink),
            entry(Operation.LIST_GROUPS, people::listGroups), entry(Operation.CREATE_GROUP, people::createGroup), entry(Operation.READ_GROUP, people::readGroup),
            entry(Operation.DELETE_GROUP, people::deleteGroup), entry(Operation.ADD_MEMBER, people::addMember), entry(Operation.REMOVE_MEMBER, people::removeMember),
            entry(Operation.LIST_CLIENTS, applications::list), entry(Operation.CREATE_CLIENT, applications::create), entry(Operation.READ_CLIENT, applications::read),
            entry(Operation.CHANGE_CLIENT, applications::change), entry(Operation.DELETE_CLIENT, applications::delete),
            entry(Operation.ROTATE_SECRET, applications::rotateSecret),
            entry(Operation.LIST_DOCUMENTS, applications::listDocuments), entry(Operation.READ_DOCUMENT, applications::readDocument),
            entry(Operation.DECIDE_DOCUMENT, applications::decide),
            entry(Operation.LIST_GRANTS, state::listGrants), entry(Operation.READ_GRANT, state::readGrant), entry(Operation.REVOKE_GRANT, state::revokeGrant),
            entry(Operation.LIST_SESSIONS, state::listSessions), entry(Operation.END_SESSION, state::endSession),
            entry(Operation.LIST_KEYS, state::listKeys), entry(Operation.ROTATE_KEY, state::rotateKey), entry(Operation.READ_KEY, state::readKey),
            entry(Operation.REMOVE_KEY, state::removeKey),
            entry(Operation.LIST_SCOPES, state::listScopes), entry(Operation.LIST_RESOURCES, state::listResources),
            entry(Operation.LIST_POLICIES, policies::list), entry(Operation.READ_POLICY, policies::read), entry(Operation.REPLACE_POLICY, policies::replace),
            entry(Operation.LIST_POLICY_VERSIONS, policies::versions), entry(Operation.READ_POLICY_VERSION, policies::version),
            entry(Operation.EXPLAIN_POLICY, policies::explain),
            entry(Operation.LIST_AUDIT, state::listAudit), entry(Operation.EXPORT_AUDIT, state::exportAudit), entry(Operation.VERIFY_AUDIT, state::verifyAudit),
            entry(Operation.LIST_CHANGES, this::listChanges), entry(Operation.CONFIRM_CHANGE, this::confirm), entry(Operation.CANCEL_CHANGE, this::cancel)));
        if (handlers.size() != Operation.values().length) {
            throw new IllegalStateException("An operation has no handler");
        }
    }

    /** Performs an operation. Fails with a {@link Problem} that is the error of the caller. */
    public Future<Answer> perform(AdminCall call) {
        return Future.succeededFuture(call).map(Administration::requireRole).compose(this::performOrAsk)
            .onFailure(failure -> refused(call, failure))
            .compose(answer -> done(call, answer));
    }

    private static AdminCall requireRole(AdminCall call) {
        if (!call.operation().isFor(call.actor().role())) {
            throw Problem.forbidden("The role " + call.actor().role().wireName() + " does not have the operation " + call.operation().id());
        }
        return call;
    }

    private Future<Answer> performOrAsk(AdminCall call) {
        Function<AdminCall, Future<Answer>> handler = handlers.get(call.operation());
        return !fourEyes || call.confirmed() || !isDangerous(call) ? handler.apply(call)
            : handlers.get(call.operation() == Operation.REMOVE_KEY ? Operation.READ_KEY : Operation.READ_USER).apply(call).compose(current -> {
                call.requireMatch(current.body());
                JsonObject request = new JsonObject().put("path", new JsonObject(Map.copyOf(call.path()))).put("body", call.body());
                return changes.add(call.operation().id(), request, call.actor().sub(), clock.millis());
            }).map(id -> new Answer(202, new JsonObject().put("change_id", id).put("status", "waits for a second owner"), null, null));
    }

    /** The changes that need a second owner if that is switched on. */
    private static boolean isDangerous(AdminCall call) {
        return call.operation() == Operation.REMOVE_KEY
            || call.operation() == Operation.SET_ROLE && Role.OWNER.wireName().equals(call.body().getString("role"));
    }

    private Future<Answer> listChanges(AdminCall call) {
        return changes.list(clock.millis()).map(all -> Answer.page(all.stream().map(PendingChange::json).toList(), Integer.MAX_VALUE, last -> ""));
    }

    private Future<PendingChange> requireChange(AdminCall call) {
        return changes.find(call.path("change_id"), clock.millis()).map(found -> found.orElseThrow(() -> Problem.notFound("There is no such change; it may have expired")));
    }

    private Future<Answer> confirm(AdminCall call) {
        return requireChange(call).compose(change -> requireConfirmable(call, change).compose(allowed -> changes.remove(change.id()))
            .compose(removed -> removed ? perform(confirmed(call, change)) : Future.failedFuture(Problem.conflict("Another owner has decided on the change")))).map(Answer.none());
    }

    private Future<Void> requireConfirmable(AdminCall call, PendingChange change) {
        return change.requestedBy().equals(call.actor().sub()) ? Future.failedFuture(Problem.forbidden("Another owner confirms this change"))
            : roles.of(change.requestedBy()).compose(role -> role.equals(Optional.of(Role.OWNER)) ? Future.succeededFuture()
                : Future.failedFuture(Problem.conflict("The user who requested the change is an owner no more")));
    }

    private static AdminCall confirmed(AdminCall call, PendingChange change) {
        Operation operation = Operation.byId(change.operation()).orElseThrow();
        Map<String, String> path = new HashMap<>();
        change.request().getJsonObject("path").forEach(each -> path.put(each.getKey(), each.getValue().toString()));
        return new AdminCall(operation, call.actor(), path, new JsonObject(), change.request().getJsonObject("body"), null, call.origin(), true);
    }

    private Future<Answer> cancel(AdminCall call) {
        return requireChange(call).compose(change -> changes.remove(change.id())).map(Answer.none());
    }

    /** An acknowledged change has its event in the trail. */
    private Future<Answer> done(AdminCall call, Answer answer) {
        if (!call.operation().isWrite()) {
            return Future.succeededFuture(answer);
        }
        call.path().forEach((name, value) -> Optional.ofNullable(CACHED.get(name)).ifPresent(kind -> forget.accept(kind, value)));
        List<Object> details = new ArrayList<>(List.of("status", answer.status()));
        if (answer.status() == 201) {
            IDENTIFIERS.forEach((member, detail) -> Optional.ofNullable(answer.body().getString(member)).filter(id -> !call.path().containsKey(member))
                .ifPresent(id -> details.addAll(List.of(detail, id))));
        }
        record(call, "admin_" + call.operation().name().toLowerCase(Locale.ROOT), details.toArray());
        return flushAudit.get().map(answer);
    }

    private static void refused(AdminCall call, Throwable failure) {
        if (failure instanceof Problem problem && problem.status() == 403) {
            record(call, "admin_refused", "operation", call.operation().id(), "reason", problem.getMessage());
        }
    }

    /** Values of the body stay out of the audit trail, except the few that say what was decided. */
    private static void record(AdminCall call, String event, Object... more) {
        Actor actor = call.actor();
        List<Object> details = new ArrayList<>(List.of("operator", actor.sub(), "role", actor.role().wireName()));
        call.path().forEach((name, value) -> details.addAll(List.of(name.equals("url") ? "client_id" : name, value)));
        for (String decided : List.of("role", "decision", "disabled")) {
            Object value = call.body().getValue(decided);
            if (value != null) {
                details.addAll(List.of("new_" + decided, value));
            }
        }
        if (!call.body().isEmpty()) {
            details.addAll(List.of("members", new JsonArray(List.copyOf(call.body().fieldNames())).encode()));
        }
        details.addAll(List.of(more));
        call.origin().record(event, details.toArray());
    }
}
