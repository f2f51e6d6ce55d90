package dev.gatehouse.authz.scim;

import dev.gatehouse.authz.scim.Query.Matches;
import dev.gatehouse.authz.scim.Query.Page;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.GroupStore.Group;
import dev.gatehouse.shared.sql.Database;
import dev.gatehouse.shared.sql.SqlRow;
import dev.gatehouse.shared.sql.Statements;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Stores the groups that SCIM clients provision. A client has only its own groups. */
public final class ScimGroupStore implements ResourceStore {

    private static final String SELECT = "SELECT * FROM directory_group WHERE client_id = $1 ";
    private static final String ONE = SELECT + "AND group_id = $2";
    private static final String BY_NAME = SELECT + "AND LOWER(group_name) = LOWER(CAST($2 AS TEXT)) ORDER BY group_id";
    private static final String BY_EXTERNAL_ID = SELECT + "AND external_id = $2 ORDER BY group_id";
    private static final String PAGE = SELECT + "ORDER BY group_id LIMIT $2 OFFSET $3";
    private static final String COUNT = "SELECT COUNT(*) AS n FROM directory_group WHERE client_id = $1";
    private static final String MEMBERS = """
        SELECT user_group.group_id, user_group.sub, user_account.username FROM user_group
        JOIN directory_group ON directory_group.group_id = user_group.group_id
        JOIN user_account ON user_account.sub = user_group.sub
        WHERE directory_group.client_id = $1 AND user_group.group_id >= $2 AND user_group.group_id <= $3 ORDER BY user_group.group_id, user_group.sub
        """;
    private static final String VISIBLE_USER = """
        SELECT account.sub FROM user_account AS account LEFT JOIN scim_user ON scim_user.sub = account.sub
        WHERE account.sub = $1 AND (scim_user.client_id IS NULL OR scim_user.client_id = $2)
        """;
    private static final String NAMESAKE = SELECT + "AND LOWER(group_name) = LOWER(CAST($2 AS TEXT)) AND group_id <> $3";

    private static final int LONGEST_NAME = 256;
    private static final int MOST_SCANNED = 5_000;

    private final Database database;
    private final String base;

    /** @param base the URL of the endpoint */
    public ScimGroupStore(Database database, String base) {
        this.database = database;
        this.base = base;
    }

    @Override
    public ResourceType type() {
        return ResourceType.GROUP;
    }

    @Override
    public Future<Written> create(String clientId, JsonObject document, long now) {
        Group group = Group.of(clientId, name(document), document.getString("externalId"), now);
        return database.write(statements -> statements.lock("scim " + clientId)
            .compose(locked -> requireFree(statements, clientId, group.id(), group.name()))
            .compose(free -> GroupStore.insert(statements, group))
            .compose(added -> setMembers(statements, group, Set.of(), members(document), now))
            .compose(users -> written(statements, clientId, group.id(), users)));
    }

    @Override
    public Future<Optional<JsonObject>> find(String clientId, String id) {
        return database.read(ONE, clientId, id).compose(rows -> withMembers(clientId, rows, true)).map(found -> found.stream().findFirst());
    }

    @Override
    public Future<Page> list(String clientId, Query query) {
        boolean members = query.projection().includes("members");
        if (query.filter() == null) {
            return database.read(COUNT, clientId).compose(counted -> database.read(PAGE, clientId, (long) query.count(), query.startIndex() - 1)
                .compose(rows -> withMembers(clientId, rows, members)).map(groups -> new Page(groups, counted.get(0).number("n"))));
        }
        Matches matches = new Matches(query);
        return candidates(clientId, query.filter()).compose(rows -> rows.size() > MOST_SCANNED
                ? Future.failedFuture(ScimException.tooMany("There are too many groups for this filter; filter by displayName or externalId"))
                : withMembers(clientId, rows, true))
            .map(groups -> {
                matches.take(groups);
                return matches.page();
            });
    }

    private Future<List<SqlRow>> candidates(String clientId, Filter filter) {
        return filter.required("id").map(id -> database.read(ONE, clientId, id))
            .or(() -> filter.required("displayName").map(name -> database.read(BY_NAME, clientId, name)))
            .or(() -> filter.required("externalId").map(id -> database.read(BY_EXTERNAL_ID, clientId, id)))
            .orElseGet(() -> database.read(PAGE, clientId, MOST_SCANNED + 1L, 0L));
    }

    @Override
    public Future<Written> change(String clientId, String id, UnaryOperator<JsonObject> edit, long now) {
        return database.write(statements -> statements.lock("scim " + clientId).compose(locked -> one(statements, clientId, id))
            .compose(group -> resource(statements, clientId, group).compose(before -> Future.succeededFuture(before).map(edit)
                .compose(after -> store(statements, group, before, after, now))))
            .compose(users -> written(statements, clientId, id, users)));
    }

    private static Future<List<String>> store(Statements statements, Group before, JsonObject shown, JsonObject document, long now) {
        String name = name(document);
        Group after = new Group(before.id(), before.source(), name, before.clientId(), document.getString("externalId"), before.createdAt(), now, 0);
        return requireFree(statements, before.clientId(), before.id(), name)
            .compose(free -> GroupStore.update(statements, before, name, after.externalId(), now))
            .compose(updated -> setMembers(statements, after, members(shown), members(document), now))
            .map(users -> name.equals(before.name()) ? users : Stream.concat(users.stream(), members(shown).stream()).distinct().toList());
    }

    @Override
    public Future<Written> delete(String clientId, String id, Consumer<JsonObject> check, long now) {
        return database.write(statements -> statements.lock("scim " + clientId).compose(locked -> one(statements, clientId, id))
            .compose(group -> resource(statements, clientId, group).map(resource -> {
                check.accept(resource);
                return resource;
            }).compose(resource -> GroupStore.delete(statements, group, now).map(new Written(resource, List.copyOf(members(resource)))))));
    }

    /** Adds and removes members. Returns the users whose groups have changed. */
    private static Future<List<String>> setMembers(Statements statements, Group group, Set<String> before, Set<String> after, long now) {
        List<String> changed = new ArrayList<>();
        Future<Boolean> done = Future.succeededFuture(true);
        for (String sub : after) {
            if (!before.contains(sub)) {
                changed.add(sub);
                done = done.compose(previous -> statements.query(VISIBLE_USER, sub, group.clientId())).compose(rows -> rows.isEmpty()
                    ? Future.failedFuture(ScimException.invalidValue("There is no user for a member of the group")) : GroupStore.add(statements, group, sub, now));
            }
        }
        for (String sub : before) {
            if (!after.contains(sub)) {
                changed.add(sub);
                done = done.compose(previous -> GroupStore.remove(statements, group, sub, now));
            }
        }
        return done.map(changed);
    }

    private static Set<String> members(JsonObject document) {
        Set<String> members = new LinkedHashSet<>();
        for (Object each : document.getJsonArray("members", new JsonArray())) {
            JsonObject member = (JsonObject) each;
            if ("Group".equalsIgnoreCase(member.getString("type"))) {
                throw ScimException.invalidValue("A group has users as members, not groups");
            }
            if (member.getString("value") == null) {
                throw ScimException.invalidValue("A member has the identifier of a user as its value");
            }
            members.add(member.getString("value"));
        }
        return members;
    }

    private static String name(JsonObject document) {
        String name = document.getString("displayName");
        if (name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw ScimException.invalidValue("displayName is too long, or has a control character");
        }
        return name;
    }

    private static Future<Void> requireFree(Statements statements, String clientId, String id, String name) {
        return statements.query(NAMESAKE, clientId, name, id).compose(rows -> rows.isEmpty() ? Future.succeededFuture()
            : Future.failedFuture(ScimException.uniqueness("Another group has this displayName")));
    }

    private Future<Written> written(Statements statements, String clientId, String id, List<String> users) {
        return one(statements, clientId, id).compose(group -> resource(statements, clientId, group)).map(resource -> new Written(resource, users));
    }

    private static Future<Group> one(Statements statements, String clientId, String id) {
        return statements.query(ONE, clientId, id)
            .compose(rows -> rows.isEmpty() ? Future.failedFuture(ScimException.notFound()) : Future.succeededFuture(GroupStore.group(rows.get(0))));
    }

    private Future<JsonObject> resource(Statements statements, String clientId, Group group) {
        return statements.query(MEMBERS, clientId, group.id(), group.id()).map(rows -> resource(group, rows.stream().map(this::member).toList()));
    }

    /** @param groups in the order of their identifiers */
    private Future<List<JsonObject>> withMembers(String clientId, List<SqlRow> groups, boolean members) {
        if (!members || groups.isEmpty()) {
            return Future.succeededFuture(groups.stream().map(row -> resource(GroupStore.group(row), List.of())).toList());
        }
        return database.read(MEMBERS, clientId, groups.get(0).text("group_id"), groups.get(groups.size() - 1).text("group_id")).map(rows -> {
            Map<String, List<JsonObject>> byGroup = rows.stream().collect(Collectors.groupingBy(row -> row.text("group_id"),
                Collectors.mapping(this::member, Collectors.toList())));
            return groups.stream().map(row -> resource(GroupStore.group(row), byGroup.getOrDefault(row.text("group_id"), List.of()))).toList();
        });
    }

    private JsonObject member(SqlRow row) {
        return new JsonObject().put("value", row.text("sub")).put("$ref", base + ResourceType.USER.path() + "/" + row.text("sub"))
            .put("display", row.text("username")).put("type", "User");
    }

    /** The entity tag counts the changes, so that it does not need the members. */
    private JsonObject resource(Group group, List<JsonObject> members) {
        JsonObject attributes = new JsonObject().put("displayName", group.name());
        if (group.externalId() != null) {
            attributes.put("externalId", group.externalId());
        }
        JsonObject resource = ResourceStore.resource(ResourceType.GROUP, base, group.id(), attributes, group.createdAt(), group.changedAt(), group.changes());
        return members.isEmpty() ? resource : resource.put("members", new JsonArray(members));
    }
}
