package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.change.InvalidationKind;
import dev.gatehouse.authz.change.InvalidationStore;
import dev.gatehouse.authz.scim.Query.Matches;
import dev.gatehouse.authz.scim.Query.Page;
import dev.gatehouse.authz.scim.ScimUser.Membership;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Stores the users that SCIM clients provision. The accounts themselves are those of {@link UserStore}. */
public final class ScimUserStore implements ResourceStore {

    private static final String VISIBLE = """
        FROM user_account AS account LEFT JOIN scim_user ON scim_user.sub = account.sub
        WHERE (scim_user.client_id IS NULL OR scim_user.client_id = $1)
        """;
    private static final String SELECT = """
        SELECT account.sub, account.username, account.email, account.name, account.disabled, account.created_at,
               CASE WHEN account.password_hash = '%s' THEN 0 ELSE 1 END AS has_password,
               scim_user.attributes, scim_user.external_id, scim_user.changed_at
        """.formatted(User.NO_PASSWORD) + VISIBLE;
    private static final String ONE = SELECT + "AND account.sub = $2";
    private static final String BY_USERNAME = SELECT + "AND LOWER(account.username) = LOWER(CAST($2 AS TEXT)) ORDER BY account.sub";
    private static final String BY_EXTERNAL_ID = SELECT + "AND scim_user.external_id = $2 ORDER BY account.sub";
    private static final String AFTER = SELECT + "AND account.sub > $2 ORDER BY account.sub LIMIT $3";
    private static final String PAGE = SELECT + "ORDER BY account.sub LIMIT $2 OFFSET $3";
    private static final String COUNT = "SELECT COUNT(*) AS n " + VISIBLE;
    private static final String GROUPS = """
        SELECT user_group.sub, user_group.group_id, user_group.group_name FROM user_group
        JOIN directory_group ON directory_group.group_id = user_group.group_id
        WHERE directory_group.client_id = $1 AND user_group.sub >= $2 AND user_group.sub <= $3 ORDER BY user_group.sub, user_group.group_name
        """;
    private static final String NAMESAKE = "SELECT sub FROM user_account WHERE LOWER(username) = LOWER(CAST($1 AS TEXT)) AND sub <> $2";
    private static final String SAME_EXTERNAL_ID = "SELECT sub FROM scim_user WHERE client_id = $1 AND external_id = $2 AND sub <> $3";
    private static final String UPSERT = """
        INSERT INTO scim_user (sub, client_id, external_id, attributes, created, changed_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (sub) DO UPDATE SET external_id = excluded.external_id, attributes = excluded.attributes, changed_at = excluded.changed_at
        WHERE scim_user.client_id = excluded.client_id
        """;
    private static final String PROFILE = "UPDATE user_account SET username = $1, name = $2, email = $3 WHERE sub = $4";

    private static final int CHUNK = 500;
    private static final int MOST_SCANNED = 50_000;

    private final Database database;
    private final String base;

    /** @param base the URL of the endpoint */
    public ScimUserStore(Database database, String base) {
        this.database = database;
        this.base = base;
    }

    @Override
    public ResourceType type() {
        return ResourceType.USER;
    }

    @Override
    public Future<Written> create(String clientId, JsonObject document, long now) {
        User account = new User(User.newSub(), ScimUser.username(document), User.NO_PASSWORD, ScimUser.email(document), ScimUser.name(document),
            Boolean.FALSE.equals(document.getValue("active")), now, null);
        return database.write(statements -> statements.lock("scim " + clientId)
            .compose(locked -> requireFree(statements, clientId, account.sub(), document))
            .compose(free -> UserStore.insert(statements, account))
            .compose(added -> added == 0 ? Future.failedFuture(taken()) : statements.update(UPSERT, account.sub(), clientId,
                document.getString("externalId"), ScimUser.stored(document), 1L, now))
            .compose(stored -> written(statements, clientId, account.sub())));
    }

    @Override
    public Future<Optional<JsonObject>> find(String clientId, String id) {
        return database.read(ONE, clientId, id).compose(rows -> withGroups(clientId, rows))
            .map(found -> found.stream().findFirst());
    }

    @Override
    public Future<Page> list(String clientId, Query query) {
        if (query.filter() == null) {
            return database.read(COUNT, clientId).compose(counted -> database.read(PAGE, clientId, (long) query.count(), query.startIndex() - 1)
                .compose(rows -> withGroups(clientId, rows)).map(users -> new Page(users, counted.get(0).number("n"))));
        }
        Future<List<SqlRow>> candidates = indexed(clientId, query.filter());
        Matches matches = new Matches(query);
        return (candidates == null ? scan(clientId, "", matches, 0)
            : candidates.compose(rows -> withGroups(clientId, rows)).onSuccess(matches::take)).map(done -> matches.page());
    }

    /** The users that an index finds for a filter; null if the filter needs a scan. */
    private Future<List<SqlRow>> indexed(String clientId, Filter filter) {
        return filter.required("id").map(id -> database.read(ONE, clientId, id))
            .or(() -> filter.required("userName").map(name -> database.read(BY_USERNAME, clientId, name)))
            .or(() -> filter.required("externalId").map(id -> database.read(BY_EXTERNAL_ID, clientId, id))).orElse(null);
    }

    private Future<List<JsonObject>> scan(String clientId, String after, Matches matches, int scanned) {
        if (scanned > MOST_SCANNED) {
            return Future.failedFuture(ScimException.tooMany("There are too many users for this filter; filter by userName or externalId"));
        }
        return database.read(AFTER, clientId, after, (long) CHUNK).compose(rows -> withGroups(clientId, rows)).compose(users -> {
            matches.take(users);
            return users.size() < CHUNK ? Future.succeededFuture(users)
                : scan(clientId, users.get(users.size() - 1).getString("id"), matches, scanned + users.size());
        });
    }

    @Override
    public Future<Written> change(String clientId, String id, UnaryOperator<JsonObject> edit, long now) {
        return database.write(statements -> statements.lock("scim " + clientId).compose(locked -> one(statements, clientId, id))
            .compose(found -> resource(statements, clientId, found).map(edit).compose(document -> store(statements, clientId, found, document, now)))
            .compose(stored -> written(statements, clientId, id)));
    }

    private static Future<?> store(Statements statements, String clientId, ScimUser before, JsonObject document, long now) {
        String username = ScimUser.username(document);
        if (before.hasPassword() && !before.username().equals(username)) {
            return Future.failedFuture(ScimException.mutability("This account has a password here; its userName cannot be changed"));
        }
        boolean disabled = document.containsKey("active") ? !document.getBoolean("active") : before.disabled();
        return requireFree(statements, clientId, before.sub(), document)
            .compose(free -> before.hasPassword() ? Future.succeededFuture(0)
                : statements.update(PROFILE, username, ScimUser.name(document), ScimUser.email(document), before.sub()))
            .compose(changed -> statements.update(UPSERT, before.sub(), clientId, document.getString("externalId"), ScimUser.stored(document), 0L, now))
            .compose(stored -> stored == 0 ? Future.failedFuture(ScimException.notFound()) : Future.succeededFuture())
            .compose(stored -> disabled == before.disabled()
                ? InvalidationStore.announce(statements, InvalidationKind.USER, before.sub(), now).<Void>mapEmpty()
                : UserStore.setDisabled(statements, before.sub(), disabled, now));
    }

    @Override
    public Future<Written> delete(String clientId, String id, Consumer<JsonObject> check, long now) {
        return database.write(statements -> statements.lock("scim " + clientId).compose(locked -> one(statements, clientId, id))
            .compose(found -> resource(statements, clientId, found).map(resource -> {
                check.accept(resource);
                if (found.hasPassword()) {
                    throw new ScimException(403, null, "This account has a password here; set active to false, or delete it at this server");
                }
                return resource;
            }))
            .compose(resource -> UserStore.delete(statements, id, now).map(new Written(resource, List.of(id)))));
    }

    private static Future<Void> requireFree(Statements statements, String clientId, String sub, JsonObject document) {
        return statements.query(NAMESAKE, ScimUser.username(document), sub)
            .compose(named -> !named.isEmpty() ? Future.failedFuture(taken())
                : statements.query(SAME_EXTERNAL_ID, clientId, document.getString("externalId"), sub))
            .compose(same -> same.isEmpty() ? Future.succeededFuture()
                : Future.failedFuture(ScimException.uniqueness("Another user has this externalId")));
    }

    private static ScimException taken() {
        return ScimException.uniqueness("Another user has this userName");
    }

    private Future<Written> written(Statements statements, String clientId, String sub) {
        return one(statements, clientId, sub).compose(user -> resource(statements, clientId, user)).map(resource -> new Written(resource, List.of(sub)));
    }

    private static Future<ScimUser> one(Statements statements, String clientId, String sub) {
        return statements.query(ONE, clientId, sub)
            .compose(rows -> rows.isEmpty() ? Future.failedFuture(ScimException.notFound()) : Future.succeededFuture(user(rows.get(0))));
    }

    private Future<JsonObject> resource(Statements statements, String clientId, ScimUser user) {
        return statements.query(GROUPS, clientId, user.sub(), user.sub())
            .map(rows -> user.resource(base, rows.stream().map(ScimUserStore::membership).toList()));
    }

    /** @param users in the order of their identifiers */
    private Future<List<JsonObject>> withGroups(String clientId, List<SqlRow> users) {
        if (users.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        return database.read(GROUPS, clientId, users.get(0).text("sub"), users.get(users.size() - 1).text("sub")).map(rows -> {
            Map<String, List<Membership>> bySub = rows.stream().collect(Collectors.groupingBy(row -> row.text("sub"),
                Collectors.mapping(ScimUserStore::membership, Collectors.toList())));
            return users.stream().map(row -> user(row).resource(base, bySub.getOrDefault(row.text("sub"), List.of()))).toList();
        });
    }

    private static Membership membership(SqlRow row) {
        return new Membership(row.text("group_id"), row.text("group_name"));
    }

    private static ScimUser user(SqlRow row) {
        Long changedAt = row.numberOrNull("changed_at");
        return new ScimUser(row.text("sub"), row.text("username"), row.number("has_password") != 0, row.text("email"), row.text("name"),
            row.number("disabled") != 0, row.number("created_at"), row.text("attributes") == null ? null : new JsonObject(row.text("attributes")),
            row.text("external_id"), changedAt == null ? 0 : changedAt);
    }
}
