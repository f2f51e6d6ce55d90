package dev.gatehouse.authz.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilterParserTest {

    private static final JsonObject ADA = new JsonObject("""
        {"id": "usr_Ada", "userName": "Ada@Example.com", "externalId": "00uAda", "active": true, "title": "Engineer \\"first\\"",
         "name": {"givenName": "Ada", "familyName": "Lovelace"},
         "emails": [{"value": "ada@example.com", "type": "work", "primary": true}, {"value": "ada@home.example", "type": "home"}],
         "meta": {"lastModified": "2026-01-02T03:04:05Z", "resourceType": "User"},
         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Engines", "manager": {"value": "usr_Babbage"}}}
        """);

    @ParameterizedTest
    @ValueSource(strings = {
        "userName eq \"ada@example.com\"", "USERNAME EQ \"ADA@EXAMPLE.COM\"", "userName ne \"bob\"", "userName co \"@exam\"", "userName sw \"ada\"",
        "userName ew \".COM\"", "externalId eq \"00uAda\"", "active eq true", "active eq \"True\"", "active ne false", "title pr", "not (nickName pr)",
        "nickName eq null", "title ne null", "title eq \"Engineer \\\"first\\\"\"", "title eq \"\\u0045ngineer \\\"first\\\"\"",
        "name.familyName eq \"lovelace\"", "name pr", "emails.value eq \"ada@home.example\"", "emails eq \"ada@home.example\"", "emails pr", "emails.type pr",
        "emails[type eq \"work\"]", "emails[type eq \"work\" and value co \"@example.com\"]", "emails[type eq \"work\"].value eq \"ada@example.com\"",
        "emails[not (type eq \"work\")]", "emails[primary eq true]", "userName eq \"x\" or active eq true and title pr",
        "(userName eq \"x\" or active eq true) and title pr", "title pr and not(userName eq \"x\")",
        "urn:ietf:params:scim:schemas:core:2.0:User:userName eq \"ada@example.com\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq \"engines\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager eq \"usr_Babbage\"",
        "meta.lastModified gt \"2026-01-02T03:04:04Z\"", "meta.lastModified le \"2026-01-02T04:04:05+01:00\"", "meta.lastModified eq \"2026-01-02T03:04:05.000Z\"",
        "meta.lastModified ne \"2026-01-02T03:04:06Z\"", "userName gt \"aaa\"", "userName ge \"ada@example.com\"", "userName lt \"b\"", "id eq \"usr_Ada\""})
    void filterMatches(String filter) {
        assertThat(FilterParser.filter(ResourceType.USER, filter).matches(ADA)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "userName eq \"bob\"", "userName ne \"ADA@example.com\"", "externalId eq \"00UADA\"", "id eq \"USR_ADA\"", "active eq false", "not (title pr)", "nickName pr",
        "title eq null", "emails[type eq \"work\" and value ew \"home.example\"]", "emails[type eq \"home\"].value eq \"ada@example.com\"",
        "emails.value ne \"ada@example.com\"", "userName eq \"x\" and active eq true or nickName pr", "userName eq \"x\" and (active eq true or title pr)",
        "meta.lastModified lt \"2026-01-02T03:04:05Z\"", "userName gt \"b\"", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:division pr"})
    void filterDoesNotMatch(String filter) {
        assertThat(FilterParser.filter(ResourceType.USER, filter).matches(ADA)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "userName", "userName eq", "userName is \"x\"", "userName eq ada", "userName eq 'ada'", "userName eq \"ada", "unknown eq \"x\"", "name.unknown eq \"x\"",
        "userName eq \"x\" and", "and userName pr", "(userName pr", "userName pr)", "not userName pr", "emails[type eq \"work\"", "emails[unknown eq \"x\"]",
        "userName[type pr]", "active gt true", "active co \"t\"", "active eq \"maybe\"", "userName eq true", "name eq \"x\"", "meta.lastModified gt \"yesterday\"",
        "userName eq \"a\\x\"", "userName eq \"\\u00\"", "userName pr extra", "userName eq \"x\" xor title pr", "emails[type eq \"work\"].unknown eq \"x\"",
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User pr", "userName eq 5", "a.b.c pr", "userName eq {}", "[", "]", "\u0000"})
    void brokenFilterIsInvalid(String filter) {
        assertThatThrownBy(() -> FilterParser.filter(ResourceType.USER, filter)).isInstanceOfSatisfying(ScimException.class,
            refusal -> assertThat(refusal.toJson().getString("scimType")).isEqualTo("invalidFilter"));
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThat(FilterParser.filter(ResourceType.USER, "(".repeat(20) + "title pr" + ")".repeat(20)).matches(ADA)).isTrue();
        for (String filter : new String[] {"(".repeat(3_000) + "title pr" + ")".repeat(3_000), "not (".repeat(1_000) + "title pr" + ")".repeat(1_000),
            "title eq \"" + "x".repeat(9_000) + "\""}) {
            assertThatThrownBy(() -> FilterParser.filter(ResourceType.USER, filter)).isInstanceOf(ScimException.class);
        }
    }

    @Test
    void demandedValuesAreFoundForTheIndex() {
        assertThat(FilterParser.filter(ResourceType.USER, "active eq true and userName eq \"a\"").required("userName")).contains("a");
        assertThat(FilterParser.filter(ResourceType.USER, "active eq true or userName eq \"a\"").required("userName")).isEmpty();
        assertThat(FilterParser.filter(ResourceType.USER, "not (userName eq \"a\")").required("userName")).isEmpty();
        assertThat(FilterParser.filter(ResourceType.USER, "userName ne \"a\"").required("userName")).isEmpty();
    }
}
