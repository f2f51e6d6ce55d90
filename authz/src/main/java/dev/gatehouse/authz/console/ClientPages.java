package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Row;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import static dev.gatehouse.authz.console.ConsoleRequest.items;

/** The pages of clients and their metadata documents. */
final class ClientPages {

    static final List<String> COLUMNS = List.of("Client", "Name", "Kind");

    private ClientPages() {
    }

    static List<Row> rows(ConsoleRequest request, List<JsonObject> clients) {
        return ConsoleRequest.rows(clients, client -> List.of(Cell.link(client.getString("client_id"), request.url("client", "id", client.getString("client_id"))),
            Cell.of(client.getString("client_name")), Cell.of(client.getString("kind").replace('_', ' '))));
    }

    static Future<List<Section>> clients(ConsoleRequest request) {
        JsonObject selection = request.selected("q", "kind", "cursor");
        return request.read(Operation.LIST_CLIENTS, selection).map(page -> List.of(
            Section.of("Clients").forms(Form.filter(request.url("clients"), "Filter", List.of(Field.text("q", "Name or identifier", request.text("q"), ""),
                Field.choice("kind", "Kind", request.text("kind"), "", "pre_registered", "dynamic", "metadata_document"))),
                request.formIfAllowed(Operation.CREATE_CLIENT, "Register a client", null, List.of(Field.text("body.client_name", "Name", "", ""),
                    Field.area("body.redirect_uris", "Redirect URIs", "", "One in a line"),
                    Field.choice("body.token_endpoint_auth_method", "Authentication", "client_secret_basic", "client_secret_basic", "client_secret_post", "none")), false)),
            Section.of("").table(COLUMNS, rows(request, items(page)), "No client matches.").links(request.next(page, "clients", selection))));
    }

    static Future<List<Section>> client(ConsoleRequest request) {
        String id = request.id();
        return request.answer(Operation.READ_CLIENT, new JsonObject(), "client_id", id).compose(found -> request.read(Operation.LIST_GRANTS,
            new JsonObject().put("client_id", id).put("state", "live")).compose(grants -> AuditPages.withHistory(request, id, List.of(client(request, found, id),
                Section.of("Access").table(AccessPages.COLUMNS, AccessPages.rows(request, items(grants)), "The client has no access.")))));
    }

    private static Section client(ConsoleRequest request, Answer found, String id) {
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
        return Section.of(client.getString("client_name")).facts(facts).forms(
            request.formIfAllowed(Operation.CHANGE_CLIENT, "Change the client", found.tag(), List.of(Field.text("body.client_name", "Name", client.getString("client_name"), ""),
                Field.area("body.redirect_uris", "Redirect URIs", String.join("\n", client.getJsonArray("redirect_uris").stream().map(String::valueOf).toList()), "One in a line"),
                Field.text("body.scope", "Scopes", client.getString("scope"), "Separated by blanks")), true, "client_id", id),
            client.getBoolean("public") ? null : request.formIfAllowed(Operation.ROTATE_SECRET, "Give a new secret", null, List.of(), true, "client_id", id),
            request.formIfAllowed(Operation.DELETE_CLIENT, "Delete the client with its grants", found.tag(), List.of(), true, "client_id", id));
    }

    static Future<List<Section>> documents(ConsoleRequest request) {
        JsonObject selection = request.selected("cursor");
        return request.read(Operation.LIST_DOCUMENTS, selection).map(page -> List.of(
            Section.of("Metadata documents").forms(Form.filter(request.url("document"), "Look up a document", List.of(Field.text("id", "URL", "", "The client identifier")))),
            Section.of("").table(List.of("Document", "Name", "Decision", "Consented"), ConsoleRequest.rows(items(page), document -> List.of(
                    Cell.link(document.getString("url"), request.url("document", "id", document.getString("url"))), Cell.of(document.getString("client_name")),
                    Cell.of(document.getString("decision")), Cell.of(document.getString("consented_at")))), "No document is in use, approved or blocked.")
                .links(request.next(page, "documents", selection))));
    }

    static Future<List<Section>> document(ConsoleRequest request) {
        String url = request.id();
        return request.answer(Operation.READ_DOCUMENT, new JsonObject(), "url", url).compose(found -> {
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
            sections.add(Section.of("Decision").forms(decision(request, url, found.tag(), "approved", "Approve", false),
                decision(request, url, found.tag(), "blocked", "Block and revoke all its grants", true), decision(request, url, found.tag(), "none", "Undo the decision", false)));
            return AuditPages.withHistory(request, url, sections);
        });
    }

    private static Form decision(ConsoleRequest request, String url, String tag, String decision, String label, boolean danger) {
        Form form = request.formIfAllowed(Operation.DECIDE_DOCUMENT, label, tag, List.of(), danger, "url", url);
        return form == null ? null : form.with("body.decision", decision);
    }
}
