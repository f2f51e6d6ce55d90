package dev.gatehouse.authz.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTest {

    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private final JsonObject ada = new JsonObject("""
        {"id": "usr_ada", "userName": "ada@example.com", "active": true, "name": {"givenName": "Ada", "familyName": "Lovelace"},
         "emails": [{"value": "ada@example.com", "type": "work", "primary": true}, {"value": "ada@home.example", "type": "home"}]}
        """);
    private final JsonObject team = new JsonObject("""
        {"id": "grp_1", "displayName": "Team", "members": [{"value": "usr_1"}, {"value": "usr_2"}, {"value": "usr_3"}]}
        """);

    private static JsonObject patch(ResourceType type, JsonObject before, String... operations) {
        JsonArray list = new JsonArray();
        for (String operation : operations) {
            list.add(new JsonObject(json(operation)));
        }
        JsonObject unchanged = before.copy();
        JsonObject after = ResourceReader.read(type, Patch.apply(type, before, new JsonObject().put("schemas", new JsonArray()
            .add("urn:ietf:params:scim:api:messages:2.0:PatchOp")).put("Operations", list)));
        assertThat(before).as("the resource before").isEqualTo(unchanged);
        return after;
    }

    /** JSON with single quotation marks; a backslash before one stands for that within a text. */
    private static String json(String text) {
        return text.replace("\\'", "\\\"").replace('\'', '"');
    }

    private JsonObject user(String... operations) {
        return patch(ResourceType.USER, ada, operations);
    }

    private JsonArray members(String... operations) {
        JsonArray members = patch(ResourceType.GROUP, team, operations).getJsonArray("members", new JsonArray());
        return new JsonArray(members.stream().map(member -> ((JsonObject) member).getString("value")).toList());
    }

    private static JsonObject element(JsonObject user, int i) {
        return user.getJsonArray("emails").getJsonObject(i);
    }

    @Test
    void entraSendsCapitalisedOperationsAndTruthValuesAsTexts() {
        assertThat(user("{'op': 'Replace', 'path': 'active', 'value': 'False'}").getBoolean("active")).isFalse();
        assertThat(user("{'op': 'Add', 'path': 'active', 'value': 'True'}").getBoolean("active")).isTrue();
        assertThat(user("{'op': 'Replace', 'path': 'displayName', 'value': 'Ada L.'}").getString("displayName")).isEqualTo("Ada L.");
        assertThat(user("{'op': 'Add', 'path': 'nickName', 'value': [{'$ref': null, 'value': 'Countess'}]}").getString("nickName")).isEqualTo("Countess");
    }

    @Test
    void entraReplacesWithoutAPathByDottedNames() {
        JsonObject after = user("{'op': 'replace', 'value': {'displayName': 'A', 'name.givenName': 'Augusta', 'active': false, 'unknown': 1,"
            + " '" + ENTERPRISE + ":department': 'Engines', 'emails[type eq work].value': 'ignored'}}");
        assertThat(after.getString("displayName")).isEqualTo("A");
        assertThat(after.getJsonObject("name")).isEqualTo(new JsonObject().put("givenName", "Augusta").put("familyName", "Lovelace"));
        assertThat(after.getBoolean("active")).isFalse();
        assertThat(after.getJsonObject(ENTERPRISE).getString("department")).isEqualTo("Engines");
        assertThat(after.getJsonArray("emails")).isEqualTo(ada.getJsonArray("emails"));
    }

    @Test
    void entraChangesAndCreatesValuesByAFilter() {
        assertThat(element(user("{'op': 'Replace', 'path': 'emails[type eq \\'work\\'].value', 'value': 'new@example.com'}"), 0).getString("value"))
            .isEqualTo("new@example.com");
        JsonObject after = user("{'op': 'Add', 'path': 'emails[type eq \\'other\\'].value', 'value': 'o@example.com'}",
            "{'op': 'Add', 'path': 'phoneNumbers[type eq \\'mobile\\'].value', 'value': '+44 1'}",
            "{'op': 'Add', 'path': 'addresses[type eq \\'work\\'].locality', 'value': 'London'}");
        assertThat(element(after, 2)).isEqualTo(new JsonObject().put("type", "other").put("value", "o@example.com"));
        assertThat(after.getJsonArray("phoneNumbers").getJsonObject(0)).isEqualTo(new JsonObject().put("type", "mobile").put("value", "+44 1"));
        assertThat(after.getJsonArray("addresses").getJsonObject(0).getString("locality")).isEqualTo("London");
    }

    @Test
    void newPrimaryValueReplacesTheOldOne() {
        JsonObject after = user("{'op': 'replace', 'path': 'emails[type eq \\'home\\'].primary', 'value': true}");
        assertThat(element(after, 0).getValue("primary")).isNull();
        assertThat(element(after, 1).getBoolean("primary")).isTrue();
        JsonObject added = user("{'op': 'add', 'path': 'emails', 'value': [{'value': 'n@example.com', 'primary': true}]}");
        assertThat(added.getJsonArray("emails")).hasSize(3);
        assertThat(ScimUser.email(added)).isEqualTo("n@example.com");
    }

    @Test
    void entraSendsTheManagerAsATextAndRemovesItWithoutAValue() {
        JsonObject after = user("{'op': 'Add', 'path': '" + ENTERPRISE + ":manager', 'value': 'usr_babbage'}");
        assertThat(after.getJsonObject(ENTERPRISE).getJsonObject("manager").getString("value")).isEqualTo("usr_babbage");
        assertThat(patch(ResourceType.USER, after, "{'op': 'Remove', 'path': '" + ENTERPRISE + ":manager'}").containsKey(ENTERPRISE)).isFalse();
        assertThat(patch(ResourceType.USER, after, "{'op': 'Replace', 'path': '" + ENTERPRISE + ":manager', 'value': ''}").containsKey(ENTERPRISE)).isFalse();
    }

    @Test
    void oktaReplacesWithoutAPathAndRepeatsTheIdentifier() {
        assertThat(user("{'op': 'replace', 'value': {'active': false}}").getBoolean("active")).isFalse();
        assertThat(patch(ResourceType.GROUP, team, "{'op': 'replace', 'value': {'id': 'grp_1', 'displayName': 'Other'}}").getString("displayName")).isEqualTo("Other");
    }

    @Test
    void membersAreAddedOnceAndRemovedInEachOfTheKnownWays() {
        assertThat(members("{'op': 'Add', 'path': 'members', 'value': [{'value': 'usr_2'}, {'value': 'usr_4', 'display': 'x'}]}")).containsExactly("usr_1", "usr_2", "usr_3", "usr_4");
        assertThat(members("{'op': 'remove', 'path': 'members[value eq \\'usr_2\\']'}")).containsExactly("usr_1", "usr_3");
        assertThat(members("{'op': 'Remove', 'path': 'members', 'value': [{'value': 'usr_1'}, {'value': 'usr_9'}]}")).containsExactly("usr_2", "usr_3");
        assertThat(members("{'op': 'remove', 'path': 'members'}")).isEmpty();
        assertThat(members("{'op': 'remove', 'path': 'members[value eq \\'usr_9\\']'}")).hasSize(3);
        assertThat(members("{'op': 'replace', 'path': 'members', 'value': [{'value': 'usr_5'}]}")).containsExactly("usr_5");
        assertThat(members("{'op': 'replace', 'path': 'members', 'value': []}")).isEmpty();
        assertThat(members("{'op': 'add', 'value': {'members': [{'value': 'usr_4'}]}}")).hasSize(4);
    }

    @Test
    void valuesAreRemoved() {
        assertThat(user("{'op': 'remove', 'path': 'emails[type eq \\'home\\']'}").getJsonArray("emails")).hasSize(1);
        assertThat(element(user("{'op': 'remove', 'path': 'emails[type eq \\'work\\'].primary'}"), 0).containsKey("primary")).isFalse();
        assertThat(user("{'op': 'remove', 'path': 'name.givenName'}").getJsonObject("name")).isEqualTo(new JsonObject().put("familyName", "Lovelace"));
        assertThat(user("{'op': 'remove', 'path': 'title'}").getString("userName")).isEqualTo("ada@example.com");
        assertThat(user("{'op': 'replace', 'path': 'name', 'value': {'givenName': 'A'}}").getJsonObject("name").getString("familyName")).isEqualTo("Lovelace");
        assertThat(user("{'op': 'replace', 'path': 'emails', 'value': null}").containsKey("emails")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'op': 'move', 'path': 'title', 'value': 'x'} | invalidSyntax", "{'path': 'title', 'value': 'x'} | invalidSyntax",
        "{'op': 'remove'} | noTarget", "{'op': 'add'} | invalidValue", "{'op': 'add', 'value': 'x'} | invalidValue", "{'op': 'add', 'path': 'title'} | invalidValue",
        "{'op': 'add', 'path': 'unknown', 'value': 'x'} | invalidPath", "{'op': 'add', 'path': 'name.unknown', 'value': 'x'} | invalidPath",
        "{'op': 'add', 'path': 'emails[', 'value': 'x'} | invalidPath", "{'op': 'add', 'path': 'emails[type eq', 'value': 'x'} | invalidPath",
        "{'op': 'add', 'path': 5, 'value': 'x'} | invalidPath", "{'op': 'add', 'path': 'title extra', 'value': 'x'} | invalidPath",
        "{'op': 'replace', 'path': 'id', 'value': 'x'} | mutability", "{'op': 'replace', 'path': 'groups', 'value': []} | mutability",
        "{'op': 'remove', 'path': 'meta.version'} | mutability", "{'op': 'replace', 'path': 'active', 'value': 'maybe'} | invalidValue",
        "{'op': 'replace', 'path': 'title', 'value': {'a': 1}} | invalidValue", "{'op': 'replace', 'path': 'name', 'value': 'x'} | invalidValue",
        "{'op': 'remove', 'path': 'userName'} | invalidValue", "{'op': 'replace', 'path': 'userName', 'value': ' '} | invalidValue",
        "{'op': 'replace', 'path': 'phoneNumbers.value', 'value': 'x'} | noTarget", "{'op': 'replace', 'path': 'emails[value co \\'q\\'].type', 'value': 'x'} | noTarget",
        "{'op': 'replace', 'path': 'emails[type eq \\'work\\']', 'value': 5} | invalidValue", "{'op': 'add', 'path': 'emails', 'value': [5]} | invalidValue",
        "{'op': 'replace', 'path': 'name[givenName eq \\'x\\'].familyName', 'value': 'x'} | noTarget",
        "{'op': 'add', 'path': 'emails', 'value': [{'value': 'a', 'primary': true}, {'value': 'b', 'primary': true}]} | invalidValue"})
    void operationThatCannotBeAppliedSaysWhy(String operation, String type) {
        assertThatThrownBy(() -> user(operation)).isInstanceOfSatisfying(ScimException.class,
            refusal -> assertThat(refusal.toJson().getString("scimType")).as(refusal.getMessage()).isEqualTo(type));
    }

    @Test
    void requestWithoutItsSchemaOrOperationsIsInvalid() {
        for (JsonObject request : new JsonObject[] {new JsonObject(), new JsonObject().put("schemas", "x"), new JsonObject().put("schemas", new JsonArray().add("x")),
            new JsonObject("{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"]}"),
            new JsonObject("{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"], \"Operations\": []}"),
            new JsonObject("{\"schemas\": [\"urn:ietf:params:scim:api:messages:2.0:PatchOp\"], \"Operations\": [5]}")}) {
            assertThatThrownBy(() -> Patch.apply(ResourceType.USER, ada, request)).isInstanceOf(ScimException.class);
        }
    }
}
