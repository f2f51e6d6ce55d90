package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.console.ConsolePage.Cell;
import dev.gatehouse.authz.console.ConsolePage.Field;
import dev.gatehouse.authz.console.ConsolePage.Form;
import dev.gatehouse.authz.console.ConsolePage.Link;
import dev.gatehouse.authz.console.ConsolePage.Section;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import static dev.gatehouse.authz.console.ConsoleRequest.items;
import static dev.gatehouse.authz.console.ConsoleRequest.list;

/** The pages of policies: the editor with its questions, and the former versions. */
final class PolicyPages {

    private PolicyPages() {
    }

    static Future<List<Section>> policies(ConsoleRequest request) {
        return request.read(Operation.LIST_POLICIES, new JsonObject()).map(page -> List.of(Section.of("Policies").table(List.of("Policy", "Version", "Rules", "Valid"),
            ConsoleRequest.rows(items(page), policy -> List.of(Cell.link(policy.getString("name"), request.url("policy", "id", policy.getString("name"))), Cell.of(policy.getString("version")),
                Cell.of(policy.getInteger("rules")), Cell.of(policy.getBoolean("valid")))), "The configuration has no policy: add its file to admin.policies.")));
    }

    static Future<List<Section>> policy(ConsoleRequest request) {
        String name = request.id();
        JsonObject selection = request.selected("cursor");
        return request.answer(Operation.READ_POLICY, new JsonObject(), "name", name).compose(found -> request.read(Operation.LIST_POLICY_VERSIONS, selection, "name", name)
            .compose(versions -> {
                JsonObject explanation = request.explanation();
                String draft = explanation == null ? found.body().getString("text") : explanation.getString("text");
                List<Section> sections = new ArrayList<>(List.of(editor(request, found, name, draft)));
                if (explanation != null) {
                    sections.add(explained(explanation));
                }
                sections.add(question(name, explanation == null ? new JsonObject() : explanation.getJsonObject("asked"), draft));
                sections.add(versions(request, name, found.body().getString("version"), versions, selection));
                return AuditPages.withHistory(request, name, sections);
            }));
    }

    private static Section editor(ConsoleRequest request, Answer found, String name, String draft) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("Version", found.body().getString("version"));
        facts.put("Rules", found.body().getInteger("rules"));
        facts.put("Error", found.body().getString("error"));
        return Section.of(name).facts(facts).forms(request.formIfAllowed(Operation.REPLACE_POLICY, "Put the policy in force", found.tag(),
            List.of(Field.area("body.text", "Text", draft, "Rules in JSON, with conditions in CEL. An invalid text changes nothing.")), true, "name", name));
    }

    private static Section question(String name, JsonObject asked, String draft) {
        return Section.of("Could this call run?").text("The question is about the draft below, which is not in force until you put it there.").forms(
            Form.of(Operation.EXPLAIN_POLICY, "Explain", null, List.of(Field.text("body.caller.user", "Username", asked.getString("user", ""), ""),
                Field.text("body.caller.groups", "Groups", asked.getString("groups", ""), "Separated by blanks"), Field.text("body.caller.client", "Client", asked.getString("client", ""), ""),
                Field.text("body.tool", "Tool", asked.getString("tool", ""), ""), Field.text("body.arguments", "Arguments", asked.getString("arguments", "{}"), "JSON"),
                Field.area("body.text", "Draft", draft, "")), false, "name", name).opened());
    }

    private static Section explained(JsonObject explanation) {
        String rule = explanation.getString("rule");
        return Section.of("Answer").text(explanation.getString("effect") + (rule == null ? ": no rule matches, so the default applies" : ": rule " + rule)
            + " (policy " + explanation.getString("version") + ")").table(List.of("Rule", "Effect", "Result", "Condition"), ConsoleRequest.rows(list(explanation.getJsonArray("rules")), each ->
                List.of(Cell.of(each.getString("rule")), Cell.of(each.getString("effect")), Cell.of(each.getString("result")), Cell.of(each.getString("when")))), "The policy has no rule.");
    }

    private static Section versions(ConsoleRequest request, String name, String current, JsonObject page, JsonObject selection) {
        return Section.of("Versions").table(List.of("Number", "Version", "Since", "By", "In force"), ConsoleRequest.rows(items(page), version -> List.of(
            Cell.link(version.getLong("number"), request.url("version", "id", name, "number", version.getLong("number").toString())), Cell.of(version.getString("version")),
            Cell.of(version.getString("since")), Cell.of(author(version)),
            Cell.of(Objects.equals(version.getString("version"), current)))), "The policy was not changed here yet.").links(request.next(page, "policy", selection.copy().put("id", name)));
    }

    private static String author(JsonObject version) {
        String username = version.getString("username");
        return username == null ? "a change of the file" : username;
    }

    /** A former version, with the difference that its return would make. */
    static Future<List<Section>> version(ConsoleRequest request) {
        String name = request.id();
        String number = request.query().required("number");
        return request.read(Operation.READ_POLICY_VERSION, new JsonObject(), "name", name, "number", number).compose(version -> request.answer(Operation.READ_POLICY, new JsonObject(), "name", name)
            .map(found -> {
                Map<String, Object> facts = new LinkedHashMap<>();
                facts.put("Version", version.getString("version"));
                facts.put("Since", version.getString("since"));
                facts.put("By", author(version));
                String current = found.body().getString("text");
                Form again = request.formIfAllowed(Operation.REPLACE_POLICY, "Put this version in force", found.tag(), List.of(), true, "name", name);
                boolean same = current.equals(version.getString("text"));
                return List.of(
                    Section.of(name + ", version " + number).facts(facts).links(List.of(new Link("Back to the policy", request.url("policy", "id", name), false)))
                        .forms(same || again == null ? null : again.with("body.text", version.getString("text"))),
                    same ? Section.of("Text").text("This version is in force.").preformatted(current)
                        : Section.of("Difference").text("Lines with − are in force now. Lines with + are of this version.").lines(LineChanges.between(current, version.getString("text"))));
            }));
    }
}
