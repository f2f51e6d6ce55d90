package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Chart;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Link;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import dev.gatehouse.shared.http.FormParameters;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The views of the console: each reads by operations of the administration and shows the answers as sections. */
final class ConsoleViews {

    private static final List<String> GRANT_COLUMNS = List.of("User", "Client", "Resources", "Scopes", "Since", "Last token");

    private final Actor actor;
    private final FormParameters query;
    private final String base;
    private final Reader reader;

    /** Performs an operation that reads. */
    interface Reader {
        Future<Answer> read(Operation operation, Map<String, String> path, JsonObject query);
    }

    /** A page of the console. @param title the heading */
    record View(String title, Future<List<Section>> sections) {
    }

    /** @param base the path of the console */
    ConsoleViews(Actor actor, FormParameters query, String base, Reader reader) {
        this.actor = actor;
        this.query = query;
        this.base = base;
        this.reader = reader;
    }

    /** The view of a path below the console's; empty for the overview. @param explanation the answer to a question about a policy, or null */
    View of(String name, JsonObject explanation) {
        return switch (name) {
            case "" -> new View("Overview", overview());
            case "search" -> new View("Search", search());
            case "users" -> new View("Users", users());
            case "user" -> new View("User", user(id()));
            case "groups" -> new View("Groups", groups());
            case "group" -> new View("Group", group(id()));
            case "clients" -> new View("Clients", clients());
            case "client" -> new View("Client", client(id()));
            case "documents" -> new View("Metadata documents", documents());
            case "document" -> new View("Metadata document", document(id()));
            case "grants" -> new View("Grants", grants());
            case "sessions" -> new View("Sessions", sessions());
            case "keys" -> new View("Signing keys", keys());
            case "policies" -> new View("Policies", policies());
            case "policy" -> new View("Policy", policy(id(), explanation));
            case "audit" -> new View("Audit trail", audit());
            case "changes" -> new View("Waiting changes", changes());
            default -> throw new IllegalArgumentException(name);
        };
    }

    private String id() {
        return query.required("id");
    }

    private String url(String page, String... parameters) {
        Map<String, String> all = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            all.put(parameters[i], parameters[i + 1]);
        }
        return all.isEmpty() ? base + "/" + page : FormParameters.addTo(base + "/" + page, all);
    }

    private boolean may(Operation operation) {
        return operation.isFor(actor.role());
    }

    private Form formIfAllowed(Operation operation, String label, String tag, List<Field> fields, boolean danger, String... path) {
        return may(operation) ? Form.of(operation, label, tag, fields, danger, path) : null;
    }

    private Future<JsonObject> read(Operation operation, JsonObject parameters, String... path) {
        return answer(operation, parameters, path).map(Answer::body);
    }

    private Future<Answer> answer(Operation operation, JsonObject parameters, String... path) {
        return reader.read(operation, path.length == 0 ? Map.of() : Map.of(path[0], path[1]), parameters);
    }

    private static List<JsonObject> items(JsonObject page) {
        return list(page.getJsonArray("items"));
    }

    private static List<JsonObject> list(JsonArray array) {
        return array.stream().map(JsonObject.class::cast).toList();
    }

    /** The query parameters of these names that the page has. */
    private JsonObject selected(String... names) {
        JsonObject selected = new JsonObject();
        for (String name : names) {
            if (query.single(name) != null) {
                selected.put(name, query.single(name));
            }
        }
        return selected;
    }

    private List<Link> next(JsonObject page, String name, JsonObject selection) {
        if (page.getString("next") == null) {
            return List.of();
        }
        List<String> parameters = new ArrayList<>();
        selection.copy().put("cursor", page.getString("next")).forEach(each -> parameters.addAll(List.of(each.getKey(), each.getValue().toString())));
        return List.of(new Link("Next page", url(name, parameters.toArray(String[]::new)), false));
    }

    private Future<List<Section>> overview() {
        return read(Operation.OVERVIEW, new JsonObject()).map(overview -> {
            JsonObject counts = overview.getJsonObject("counts");
            JsonArray hours = overview.getJsonArray("hours");
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("Users", counts.getLong("users") + " (" + counts.getLong("disabled_users") + " disabled)");
            facts.put("Clients", counts.getLong("clients"));
            facts.put("Live grants", counts.getLong("grants"));
            facts.put("Sessions", counts.getLong("sessions"));
            facts.put("Blocked documents", counts.getLong("blocked_documents"));
            facts.put("Waiting changes", counts.getLong("pending_changes"));
            return List.of(Section.of("Now").facts(facts), Section.of("Last day").charts(Chart.of("Tokens", hours, "tokens"), Chart.of("Logins", hours, "logins"),
                Chart.of("Refusals", hours, "refusals"), Chart.of("Errors", hours, "errors")));
        });
    }

    private Future<List<Section>> search() {
        if (query.single("q") == null) {
            return Future.succeededFuture(List.of(Section.of("Search").text("Enter a part of a name, an address, an identifier or the URL of a resource.")));
        }
        return read(Operation.SEARCH, selected("q")).map(found -> List.of(
            Section.of("Users").table(List.of("Username", "Name", "Email", "Role", "Disabled"), userRows(list(found.getJsonArray("users"))), "No user matches."),
            Section.of("Clients").table(List.of("Client", "Name", "Kind"), clientRows(list(found.getJsonArray("clients"))), "No client matches."),
            Section.of("Access to matching resources").text("The users who can reach the resource, and the clients by which they do.")
                .table(GRANT_COLUMNS, grantRows(list(found.getJsonArray("grants"))), "No live grant has a matching resource.")));
    }

    private List<Row> userRows(List<JsonObject> users) {
        return rows(users, user -> List.of(Cell.link(user.getString("username"), url("user", "id", user.getString("sub"))), Cell.of(user.getString("name")),
            Cell.of(user.getString("email")), Cell.of(user.getString("role")), Cell.of(user.getBoolean("disabled"))));
    }

    private static List<Row> rows(List<JsonObject> items, Function<JsonObject, List<Cell>> cells) {
        return items.stream().map(item -> new Row(cells.apply(item), null)).toList();
    }

    private Future<List<Section>> users() {
        JsonObject selection = selected("q", "role", "cursor");
        return read(Operation.LIST_USERS, selection).map(page -> List.of(
            Section.of("Users").forms(Form.filter(url("users"), "Filter", List.of(Field.text("q", "Name, username or email", query.single("q"), ""),
                Field.choice("role", "Role", query.single("role") == null ? "" : query.single("role"), "", "owner", "operator", "auditor", "help-desk")))),
            Section.of("").table(List.of("Username", "Name", "Email", "Role", "Disabled"), userRows(items(page)), "No user matches.").links(next(page, "users", selection))
                .forms(formIfAllowed(Operation.CREATE_USER, "Create a user", null, List.of(Field.text("body.username", "Username", "", ""),
                    Field.text("body.name", "Name", "", ""), Field.text("body.email", "Email", "", ""),
                    Field.password("body.password", "Password", "8 to 128 characters. Leave it empty for a user of an identity provider.")), false))));
    }

    private Future<List<Section>> user(String sub) {
        return answer(Operation.READ_USER, new JsonObject(), "sub", sub).compose(found -> read(Operation.LIST_IDENTITIES, new JsonObject(), "sub", sub)
            .compose(identities -> read(Operation.LIST_GRANTS, new JsonObject().put("sub", sub).put("state", "live"))
                .compose(grants -> read(Operation.LIST_SESSIONS, new JsonObject().put("sub", sub)).compose(sessions -> history(sub).map(history -> {
                    List<Section> sections = new ArrayList<>(List.of(person(found, sub), identities(items(identities), sub),
                        Section.of("Access").table(GRANT_COLUMNS, grantRows(items(grants)), "No application has access."),
                        Section.of("Sessions").table(List.of("User", "Signed in", "Last used", "Address", "Browser"), sessionRows(items(sessions)), "No session is open.")));
                    sections.addAll(history);
                    return sections;
                })))));
    }

    private Section person(Answer found, String sub) {
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
        Form disable = formIfAllowed(Operation.CHANGE_USER, disabled ? "Enable" : "Disable and end all access", found.tag(), List.of(), !disabled, "sub", sub);
        return Section.of(user.getString("username")).facts(facts).forms(
            formIfAllowed(Operation.CHANGE_USER, "Change name and email", found.tag(), List.of(Field.text("body.name", "Name", user.getString("name"), ""),
                Field.text("body.email", "Email", user.getString("email"), "")), false, "sub", sub),
            formIfAllowed(Operation.SET_ROLE, "Change the role", found.tag(), List.of(Field.choice("body.role", "Role", user.getString("role") == null ? "none"
                : user.getString("role"), "none", "owner", "operator", "auditor", "help-desk")), true, "sub", sub),
            formIfAllowed(Operation.UNLOCK_USER, "Unlock logins", null, List.of(), false, "sub", sub),
            formIfAllowed(Operation.END_ACCESS, "End all sessions and access", null, List.of(), true, "sub", sub),
            disable == null ? null : disable.with("body.disabled", String.valueOf(!disabled)),
            formIfAllowed(Operation.DELETE_USER, "Delete the user", found.tag(), List.of(), true, "sub", sub));
    }

    private Section identities(List<JsonObject> identities, String sub) {
        return Section.of("Linked identities").table(List.of("Issuer", "Tenant", "Subject"), identities.stream().map(identity -> new Row(
            List.of(Cell.of(identity.getString("issuer")), Cell.of(identity.getString("tenant")), Cell.of(identity.getString("subject"))),
            may(Operation.UNLINK_IDENTITY) ? Form.of(Operation.UNLINK_IDENTITY, "Unlink", null, List.of(), true, "sub", sub, "identity_id", identity.getString("identity_id")) : null))
            .toList(), "No identity is linked.").forms(formIfAllowed(Operation.LINK_IDENTITY, "Link an identity", null, List.of(Field.text("body.issuer", "Issuer", "", ""),
                Field.text("body.tenant", "Tenant", "", "Leave it empty for an issuer without tenants."), Field.text("body.subject", "Subject", "", "")), true, "sub", sub));
    }

    private Future<List<Section>> history(String about) {
        return !may(Operation.LIST_AUDIT) ? Future.succeededFuture(List.of()) : read(Operation.LIST_AUDIT, new JsonObject().put("about", about).put("limit", 20))
            .map(page -> List.of(Section.of("History").table(List.of("Time", "Event", "Actor", "Source", "Details"), eventRows(items(page)), "The audit trail has no event.")
                .links(List.of(new Link("All events", url("audit", "about", about), false)))));
    }

    private List<Row> eventRows(List<JsonObject> events) {
        return rows(events, event -> List.of(Cell.of(event.getString("at")), Cell.of(event.getString("event")), actor(event.getString("actor")), Cell.of(event.getString("source")),
            Cell.of(details(event))));
    }

    private Cell actor(String name) {
        return name != null && name.startsWith("usr_") ? Cell.link(name, url("user", "id", name)) : Cell.of(name);
    }

    private static String details(JsonObject event) {
        JsonObject details = new JsonObject();
        for (String name : List.of("client_id", "resource", "reason")) {
            if (event.getString(name) != null) {
                details.put(name, event.getString(name));
            }
        }
        details.mergeIn(event.getJsonObject("details"));
        List<String> words = new ArrayList<>();
        details.forEach(each -> words.add(each.getKey() + " " + each.getValue()));
        return String.join(", ", words);
    }

    private Future<List<Section>> groups() {
        JsonObject selection = selected("q", "cursor");
        return read(Operation.LIST_GROUPS, selection).map(page -> List.of(
            Section.of("Groups").forms(Form.filter(url("groups"), "Filter", List.of(Field.text("q", "Name", query.single("q"), "")))),
            Section.of("").table(List.of("Group", "Source", "Members"), rows(items(page), group -> List.of(Cell.link(group.getString("name"), url("group", "id", group.getString("name"))),
                Cell.of(group.getString("source")), Cell.of(group.getLong("member_count")))), "There is no group.").links(next(page, "groups", selection))
                .forms(formIfAllowed(Operation.CREATE_GROUP, "Create a group", null, List.of(Field.text("body.name", "Name", "", "")), false))));
    }

    private Future<List<Section>> group(String name) {
        return answer(Operation.READ_GROUP, new JsonObject(), "name", name).map(found -> {
            boolean local = found.body().getJsonArray("sources").contains("local");
            List<Row> members = list(found.body().getJsonArray("members")).stream().map(member -> new Row(List.of(Cell.link(member.getString("username"),
                url("user", "id", member.getString("sub"))), Cell.of(member.getString("source"))), member.getString("source").equals("local") && may(Operation.REMOVE_MEMBER)
                    ? Form.of(Operation.REMOVE_MEMBER, "Remove", null, List.of(), false, "name", name, "sub", member.getString("sub")) : null)).toList();
            return List.of(Section.of(name).facts(Map.of("Sources", found.body().getJsonArray("sources"))).table(List.of("Member", "Source"), members, "The group has no member.")
                .forms(local ? formIfAllowed(Operation.ADD_MEMBER, "Add a member", null, List.of(Field.text("path.sub", "Subject identifier", "", "usr_ and 16 characters, as on the page of the user")), false, "name", name) : null,
                    local ? formIfAllowed(Operation.DELETE_GROUP, "Delete the group", found.tag(), List.of(), true, "name", name) : null));
        });
    }

    private List<Row> clientRows(List<JsonObject> clients) {
        return rows(clients, client -> List.of(Cell.link(client.getString("client_id"), url("client", "id", client.getString("client_id"))), Cell.of(client.getString("client_name")),
            Cell.of(client.getString("kind").replace('_', ' '))));
    }

    private Future<List<Section>> clients() {
        JsonObject selection = selected("q", "kind", "cursor");
        return read(Operation.LIST_CLIENTS, selection).map(page -> List.of(
            Section.of("Clients").forms(Form.filter(url("clients"), "Filter", List.of(Field.text("q", "Name or identifier", query.single("q"), ""),
                Field.choice("kind", "Kind", query.single("kind") == null ? "" : query.single("kind"), "", "pre_registered", "dynamic", "metadata_document")))),
            Section.of("").table(List.of("Client", "Name", "Kind"), clientRows(items(page)), "No client matches.").links(next(page, "clients", selection))
                .forms(formIfAllowed(Operation.CREATE_CLIENT, "Register a client", null, List.of(Field.text("body.client_name", "Name", "", ""),
                    Field.area("body.redirect_uris", "Redirect URIs", "", "One in a line"),
                    Field.choice("body.token_endpoint_auth_method", "Authentication", "client_secret_basic", "client_secret_basic", "client_secret_post", "none")), false))));
    }

    private Future<List<Section>> client(String id) {
        return answer(Operation.READ_CLIENT, new JsonObject(), "client_id", id).compose(found -> read(Operation.LIST_GRANTS, new JsonObject().put("client_id", id).put("state", "live"))
            .compose(grants -> history(id).map(history -> {
                JsonObject client = found.body();
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("Identifier", id);
                facts.put("Kind", client.getString("kind").replace('_', ' '));
                facts.put("Public", client.getBoolean("public"));
                facts.put("Redirect URIs", client.getJsonArray("redirect_uris"));
                facts.put("Grants", client.getJsonArray("grant_types"));
                facts.put("Scopes", client.getString("scope"));
                facts.put("Serves", client.getJsonArray("served_resources"));
                facts.put("Secrets", client.getJsonArray("secrets").size());
                facts.put("Registered", client.getString("created_at"));
                List<Section> sections = new ArrayList<>();
                sections.add(Section.of(client.getString("client_name")).facts(facts).forms(
                    formIfAllowed(Operation.CHANGE_CLIENT, "Change the client", found.tag(), List.of(Field.text("body.client_name", "Name", client.getString("client_name"), ""),
                        Field.area("body.redirect_uris", "Redirect URIs", String.join("\n", client.getJsonArray("redirect_uris").stream().map(String::valueOf).toList()), "One in a line"),
                        Field.text("body.scope", "Scopes", client.getString("scope"), "Separated by blanks")), true, "client_id", id),
                    client.getBoolean("public") ? null : formIfAllowed(Operation.ROTATE_SECRET, "Give a new secret", null, List.of(), true, "client_id", id),
                    formIfAllowed(Operation.DELETE_CLIENT, "Delete the client with its grants", found.tag(), List.of(), true, "client_id", id)));
                sections.add(Section.of("Access").table(GRANT_COLUMNS, grantRows(items(grants)), "The client has no access."));
                sections.addAll(history);
                return sections;
            })));
    }

    private Future<List<Section>> documents() {
        JsonObject selection = selected("cursor");
        return read(Operation.LIST_DOCUMENTS, selection).map(page -> List.of(
            Section.of("Metadata documents").forms(Form.filter(url("document"), "Look up a document", List.of(Field.text("id", "URL", "", "The client identifier"))))
                .table(List.of("Document", "Name", "Decision", "Consented"), rows(items(page), document -> List.of(Cell.link(document.getString("url"), url("document", "id", document.getString("url"))),
                    Cell.of(document.getString("client_name")), Cell.of(document.getString("decision")), Cell.of(document.getString("consented_at")))), "No document is in use, approved or blocked.")
                .links(next(page, "documents", selection))));
    }

    private Future<List<Section>> document(String url) {
        return answer(Operation.READ_DOCUMENT, new JsonObject(), "url", url).compose(found -> history(url).map(history -> {
            JsonObject document = found.body();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("Name at the last consent", document.getString("client_name"));
            facts.put("Decision", document.getString("decision"));
            facts.put("Consented", document.getString("consented_at"));
            List<Row> changes = document.getJsonArray("changes", new JsonArray()).stream().map(change -> new Row(List.of(Cell.of(change)), null)).toList();
            List<Section> sections = new ArrayList<>();
            sections.add(Section.of(url).facts(facts).text(document.getString("problem", "")).table(List.of("Changes since the last consent"), changes,
                document.getString("consented_at") == null ? "No user has consented yet." : "Nothing has changed since the last consent."));
            if (document.getJsonObject("current") != null) {
                sections.add(Section.of("The document now").preformatted(document.getJsonObject("current").encodePrettily()));
            }
            sections.add(Section.of("Decision").forms(decision(url, found.tag(), "approved", "Approve", false), decision(url, found.tag(), "blocked", "Block and revoke all its grants", true),
                decision(url, found.tag(), "none", "Undo the decision", false)));
            sections.addAll(history);
            return sections;
        }));
    }

    private Form decision(String url, String tag, String decision, String label, boolean danger) {
        Form form = formIfAllowed(Operation.DECIDE_DOCUMENT, label, tag, List.of(), danger, "url", url);
        return form == null ? null : form.with("body.decision", decision);
    }

    private List<Row> grantRows(List<JsonObject> grants) {
        return grants.stream().map(grant -> new Row(List.of(Cell.link(grant.getString("username"), url("user", "id", grant.getString("sub"))),
            Cell.link(grant.getString("client_name"), url("client", "id", grant.getString("client_id"))), Cell.of(grant.getJsonArray("resources")), Cell.of(grant.getString("scope")),
            Cell.of(grant.getString("created_at")), Cell.of(grant.getString("used_at"))), may(Operation.REVOKE_GRANT) && grant.getString("revoked_at") == null
                ? Form.of(Operation.REVOKE_GRANT, "Revoke", null, List.of(), false, "grant_id", grant.getString("grant_id")) : null)).toList();
    }

    private Future<List<Section>> grants() {
        JsonObject selection = selected("sub", "client_id", "resource", "state", "cursor");
        return read(Operation.LIST_GRANTS, selection).map(page -> List.of(
            Section.of("Grants").forms(Form.filter(url("grants"), "Filter", List.of(Field.text("sub", "Subject of the user", query.single("sub"), ""),
                Field.text("client_id", "Client identifier", query.single("client_id"), ""), Field.text("resource", "Part of the resource", query.single("resource"), ""),
                Field.choice("state", "State", query.single("state") == null ? "" : query.single("state"), "", "live", "ended")))),
            Section.of("").table(GRANT_COLUMNS, grantRows(items(page)), "No grant matches.").links(next(page, "grants", selection))));
    }

    private List<Row> sessionRows(List<JsonObject> sessions) {
        return sessions.stream().map(session -> new Row(List.of(Cell.link(session.getString("username"), url("user", "id", session.getString("sub"))), Cell.of(session.getString("authenticated_at")),
            Cell.of(session.getString("seen_at")), Cell.of(session.getString("address")), Cell.of(session.getString("user_agent"))), may(Operation.END_SESSION)
                ? Form.of(Operation.END_SESSION, "End", null, List.of(), false, "session_id", session.getString("session_id")) : null)).toList();
    }

    private Future<List<Section>> sessions() {
        JsonObject selection = selected("sub", "cursor");
        return read(Operation.LIST_SESSIONS, selection).map(page -> List.of(Section.of("Sessions").table(List.of("User", "Signed in", "Last used", "Address", "Browser"),
            sessionRows(items(page)), "No session is open.").links(next(page, "sessions", selection))));
    }

    private Future<List<Section>> keys() {
        return read(Operation.LIST_KEYS, new JsonObject()).compose(page -> {
            Future<List<Row>> rows = Future.succeededFuture(new ArrayList<>());
            for (JsonObject key : items(page)) {
                rows = rows.compose(all -> answer(Operation.READ_KEY, new JsonObject(), "kid", key.getString("kid")).map(found -> {
                    all.add(new Row(List.of(Cell.of(key.getString("kid")), Cell.of(key.getString("algorithm")), Cell.of(key.getString("signs_from")), Cell.of(key.getString("needed_until"))),
                        may(Operation.REMOVE_KEY) ? Form.of(Operation.REMOVE_KEY, "Remove", found.tag(), List.of(), true, "kid", key.getString("kid")) : null));
                    return all;
                }));
            }
            return rows;
        }).map(rows -> List.of(Section.of("Signing keys").text("Remove a key only if it is compromised: the tokens that it signed end at once.")
            .table(List.of("Key", "Algorithm", "Signs from", "Needed until"), rows, "There is no key.")
            .forms(formIfAllowed(Operation.ROTATE_KEY, "Create the next key now", null, List.of(), true))));
    }

    private Future<List<Section>> policies() {
        return read(Operation.LIST_POLICIES, new JsonObject()).map(page -> List.of(Section.of("Policies").table(List.of("Policy", "Version", "Rules", "Valid"), rows(items(page), policy ->
            List.of(Cell.link(policy.getString("name"), url("policy", "id", policy.getString("name"))), Cell.of(policy.getString("version")), Cell.of(policy.getInteger("rules")),
                Cell.of(policy.getBoolean("valid")))), "The configuration has no policy: add its file to admin.policies.")));
    }

    private Future<List<Section>> policy(String name, JsonObject explanation) {
        return answer(Operation.READ_POLICY, new JsonObject(), "name", name).map(found -> {
            JsonObject policy = found.body();
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("Version", policy.getString("version"));
            facts.put("Rules", policy.getInteger("rules"));
            facts.put("Error", policy.getString("error"));
            String draft = explanation == null ? policy.getString("text") : explanation.getString("text");
            JsonObject asked = explanation == null ? new JsonObject() : explanation.getJsonObject("asked");
            List<Section> sections = new ArrayList<>();
            sections.add(Section.of(name).facts(facts).forms(formIfAllowed(Operation.REPLACE_POLICY, "Put the policy in force", found.tag(),
                List.of(Field.area("body.text", "Text", draft, "Rules in JSON, with conditions in CEL. An invalid text changes nothing.")), true, "name", name)));
            if (explanation != null) {
                sections.add(explained(explanation));
            }
            sections.add(Section.of("Could this call run?").text("The question is about the draft below, which is not in force until you put it there.").forms(
                Form.of(Operation.EXPLAIN_POLICY, "Explain", null, List.of(Field.text("body.caller.user", "Username", asked.getString("user", ""), ""),
                    Field.text("body.caller.groups", "Groups", asked.getString("groups", ""), "Separated by blanks"), Field.text("body.caller.client", "Client", asked.getString("client", ""), ""),
                    Field.text("body.tool", "Tool", asked.getString("tool", ""), ""), Field.text("body.arguments", "Arguments", asked.getString("arguments", "{}"), "JSON"),
                    Field.area("body.text", "Draft", draft, "")), false, "name", name).opened()));
            return sections;
        });
    }

    private static Section explained(JsonObject explanation) {
        String rule = explanation.getString("rule");
        return Section.of("Answer").text(explanation.getString("effect") + (rule == null ? ": no rule matches, so the default applies" : ": rule " + rule)
            + " (policy " + explanation.getString("version") + ")").table(List.of("Rule", "Effect", "Result", "Condition"), rows(list(explanation.getJsonArray("rules")), each ->
                List.of(Cell.of(each.getString("rule")), Cell.of(each.getString("effect")), Cell.of(each.getString("result")), Cell.of(each.getString("when")))), "The policy has no rule.");
    }

    private Future<List<Section>> audit() {
        JsonObject selection = selected("event", "actor", "client_id", "source", "about", "since", "until", "cursor");
        List<String> filter = new ArrayList<>();
        selection.forEach(each -> {
            if (!each.getKey().equals("cursor")) {
                filter.addAll(List.of(each.getKey(), each.getValue().toString()));
            }
        });
        return read(Operation.LIST_AUDIT, selection).compose(page -> verification().map(verified -> List.of(
            Section.of("Audit trail").text(verified).forms(Form.filter(url("audit"), "Filter", List.of(Field.text("event", "Event", query.single("event"), ""),
                Field.text("actor", "Actor", query.single("actor"), ""), Field.text("client_id", "Client", query.single("client_id"), ""), Field.text("about", "About a user or a client", query.single("about"), ""),
                Field.text("since", "Since", query.single("since"), "As 2026-01-31T12:00:00Z"), Field.text("until", "Until", query.single("until"), "")))),
            Section.of("").table(List.of("Time", "Event", "Actor", "Source", "Details"), eventRows(items(page)), "No event matches.").links(links(page, selection, filter)))));
    }

    private List<Link> links(JsonObject page, JsonObject selection, List<String> filter) {
        List<Link> links = new ArrayList<>(next(page, "audit", selection));
        links.add(new Link("Export as JSON lines", url("audit/export", filter.toArray(String[]::new)), false));
        links.add(new Link("Verify the trail", url("audit", "verify", "yes"), false));
        return links;
    }

    private Future<String> verification() {
        return query.single("verify") == null ? Future.succeededFuture("") : read(Operation.VERIFY_AUDIT, new JsonObject()).map(result ->
            result.getBoolean("intact") ? "The audit trail is intact: " + result.getLong("events") + " events." : "The audit trail was tampered with: " + ConsolePage.words(result.getJsonArray("faults")));
    }

    private Future<List<Section>> changes() {
        return read(Operation.LIST_CHANGES, new JsonObject()).map(page -> {
            List<Section> sections = new ArrayList<>();
            sections.add(Section.of("Waiting changes").text(items(page).isEmpty() ? "No change waits for a second owner." : "Another owner than the one who asked confirms a change."));
            items(page).forEach(change -> sections.add(Section.of(change.getString("operation")).facts(facts(change)).forms(
                formIfAllowed(Operation.CONFIRM_CHANGE, "Confirm", null, List.of(), true, "change_id", change.getString("change_id")),
                formIfAllowed(Operation.CANCEL_CHANGE, "Cancel", null, List.of(), false, "change_id", change.getString("change_id")))));
            return sections;
        });
    }

    private static Map<String, Object> facts(JsonObject change) {
        Map<String, Object> facts = new LinkedHashMap<>();
        change.getJsonObject("path").forEach(each -> facts.put(each.getKey(), each.getValue()));
        change.getJsonObject("body").forEach(each -> facts.put(each.getKey(), each.getValue()));
        facts.put("Requested by", change.getString("username"));
        facts.put("Requested", change.getString("requested_at"));
        facts.put("Expires", change.getString("expires_at"));
        return facts;
    }
}
