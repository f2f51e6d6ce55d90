package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static dev.gatehouse.authz.console.ConsoleRequest.items;
import static dev.gatehouse.authz.console.ConsoleRequest.list;

/** The pages of users and groups. */
final class PeoplePages {

    static final List<String> COLUMNS = List.of("Username", "Name", "Email", "Role", "Disabled");
    private static final String[] ROLES = {"owner", "operator", "auditor", "help-desk"};

    private PeoplePages() {
    }

    static List<Row> rows(ConsoleRequest request, List<JsonObject> users) {
        return ConsoleRequest.rows(users, user -> List.of(Cell.link(user.getString("username"), request.url("user", "id", user.getString("sub"))), Cell.of(user.getString("name")),
            Cell.of(user.getString("email")), Cell.of(user.getString("role")), Cell.of(user.getBoolean("disabled"))));
    }

    static Future<List<Section>> users(ConsoleRequest request) {
        JsonObject selection = request.selected("q", "role", "cursor");
        return request.read(Operation.LIST_USERS, selection).map(page -> List.of(
            Section.of("Users").forms(Form.filter(request.url("users"), "Filter", List.of(Field.text("q", "Name, username or email", request.text("q"), ""),
                Field.choice("role", "Role", request.text("role"), withFirst("", ROLES)))),
                request.formIfAllowed(Operation.CREATE_USER, "Create a user", null, List.of(Field.text("body.username", "Username", "", ""),
                    Field.text("body.name", "Name", "", ""), Field.text("body.email", "Email", "", ""),
                    Field.password("body.password", "Password", "8 to 128 characters. Leave it empty for a user of an identity provider.")), false)),
            Section.of("").table(COLUMNS, rows(request, items(page)), "No user matches.").links(request.next(page, "users", selection))));
    }

    private static String[] withFirst(String first, String... others) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(others));
        return all.toArray(String[]::new);
    }

    static Future<List<Section>> user(ConsoleRequest request) {
        String sub = request.id();
        return request.answer(Operation.READ_USER, new JsonObject(), "sub", sub).compose(found -> request.read(Operation.LIST_IDENTITIES, new JsonObject(), "sub", sub)
            .compose(identities -> request.read(Operation.LIST_GRANTS, new JsonObject().put("sub", sub).put("state", "live"))
                .compose(grants -> request.read(Operation.LIST_SESSIONS, new JsonObject().put("sub", sub)).compose(sessions ->
                    AuditPages.withHistory(request, sub, List.of(person(request, found, sub), identities(request, items(identities), sub),
                        Section.of("Access").table(AccessPages.COLUMNS, AccessPages.rows(request, items(grants)), "No application has access."),
                        Section.of("Sessions").table(AccessPages.SESSION_COLUMNS, AccessPages.sessionRows(request, items(sessions)), "No session is open.")))))));
    }

    private static Section person(ConsoleRequest request, Answer found, String sub) {
        JsonObject user = found.body();
        boolean disabled = user.getBoolean("disabled");
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("Username", user.getString("username"));
        facts.put("Subject", sub);
        facts.put("Name", user.getString("name"));
        facts.put("Email", user.getString("email"));
        facts.put("Role", user.getString("role"));
        facts.put("Disabled", disabled);
        facts.put("Password here", user.getBoolean("has_password"));
        facts.put("Created", user.getString("created_at"));
        facts.put("Last login", user.getString("last_login_at"));
        Form disable = request.formIfAllowed(Operation.CHANGE_USER, disabled ? "Enable" : "Disable and end all access", found.tag(), List.of(), !disabled, "sub", sub);
        return Section.of(user.getString("username")).facts(facts).forms(
            request.formIfAllowed(Operation.CHANGE_USER, "Change name and email", found.tag(), List.of(Field.text("body.name", "Name", user.getString("name"), ""),
                Field.text("body.email", "Email", user.getString("email"), "")), false, "sub", sub),
            request.formIfAllowed(Operation.SET_ROLE, "Change the role", found.tag(), List.of(Field.choice("body.role", "Role", user.getString("role") == null ? "none"
                : user.getString("role"), withFirst("none", ROLES))), true, "sub", sub),
            request.formIfAllowed(Operation.UNLOCK_USER, "Unlock logins", null, List.of(), false, "sub", sub),
            request.formIfAllowed(Operation.END_ACCESS, "End all sessions and access", null, List.of(), true, "sub", sub),
            disable == null ? null : disable.with("body.disabled", String.valueOf(!disabled)),
            request.formIfAllowed(Operation.DELETE_USER, "Delete the user", found.tag(), List.of(), true, "sub", sub));
    }

    private static Section identities(ConsoleRequest request, List<JsonObject> identities, String sub) {
        return Section.of("Linked identities").table(List.of("Issuer", "Tenant", "Subject"), identities.stream().map(identity -> new Row(
            List.of(Cell.of(identity.getString("issuer")), Cell.of(identity.getString("tenant")), Cell.of(identity.getString("subject"))),
            request.formIfAllowed(Operation.UNLINK_IDENTITY, "Unlink", null, List.of(), true, "sub", sub, "identity_id", identity.getString("identity_id"))))
            .toList(), "No identity is linked.").forms(request.formIfAllowed(Operation.LINK_IDENTITY, "Link an identity", null, List.of(Field.text("body.issuer", "Issuer", "", ""),
                Field.text("body.tenant", "Tenant", "", "Leave it empty for an issuer without tenants."), Field.text("body.subject", "Subject", "", "")), true, "sub", sub));
    }

    static Future<List<Section>> groups(ConsoleRequest request) {
        JsonObject selection = request.selected("q", "cursor");
        return request.read(Operation.LIST_GROUPS, selection).map(page -> List.of(
            Section.of("Groups").forms(Form.filter(request.url("groups"), "Filter", List.of(Field.text("q", "Name", request.text("q"), ""))),
                request.formIfAllowed(Operation.CREATE_GROUP, "Create a group", null, List.of(Field.text("body.name", "Name", "", "")), false)),
            Section.of("").table(List.of("Group", "Source", "Members"), ConsoleRequest.rows(items(page), group -> List.of(
                Cell.link(group.getString("name"), request.url("group", "id", group.getString("name"))), Cell.of(group.getString("source")), Cell.of(group.getLong("member_count")))),
                "There is no group.").links(request.next(page, "groups", selection))));
    }

    static Future<List<Section>> group(ConsoleRequest request) {
        String name = request.id();
        return request.answer(Operation.READ_GROUP, new JsonObject(), "name", name).compose(found -> {
            boolean local = found.body().getJsonArray("sources").contains("local");
            List<Row> members = list(found.body().getJsonArray("members")).stream().map(member -> new Row(List.of(Cell.link(member.getString("username"),
                request.url("user", "id", member.getString("sub"))), Cell.of(member.getString("source"))), member.getString("source").equals("local")
                    ? request.formIfAllowed(Operation.REMOVE_MEMBER, "Remove", null, List.of(), false, "name", name, "sub", member.getString("sub")) : null)).toList();
            return AuditPages.withHistory(request, name, List.of(Section.of(name).facts(Map.of("Sources", found.body().getJsonArray("sources"))).table(List.of("Member", "Source"), members, "The group has no member.")
                .forms(local ? request.formIfAllowed(Operation.ADD_MEMBER, "Add a member", null, List.of(Field.text("path.sub", "Username", "", "Or the subject of the user")), false, "name", name)
                    : null, local ? request.formIfAllowed(Operation.DELETE_GROUP, "Delete the group", found.tag(), List.of(), true, "name", name) : null)));
        });
    }
}
