package dev.gatehouse.client.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** The places in an unfinished line where a name or a value is typed. */
final class CursorTest {

    @Test
    void aNameIsTypedAtTheBeginningAndBehindEachMember() {
        assertThat(JsonCursor.at("")).contains(new JsonCursor(Map.of(), null, 0));
        assertThat(JsonCursor.at("{")).contains(new JsonCursor(Map.of(), null, 1));
        assertThat(JsonCursor.at("{ \"ti")).contains(new JsonCursor(Map.of(), null, 2));
        assertThat(JsonCursor.at("{\"title\": \"a, b\", \"co")).contains(new JsonCursor(Map.of("title", "\"a, b\""), null, 18));
        assertThat(JsonCursor.at("{\"list\":[1,{\"x\":\"}\"}],")).contains(new JsonCursor(Map.of("list", "[1,{\"x\":\"}\"}]"), null, 22));
        assertThat(JsonCursor.at("{\"a\":1,")).contains(new JsonCursor(Map.of("a", "1"), null, 7));
    }

    @Test
    void aValueIsTypedBehindAColon() {
        assertThat(JsonCursor.at("{\"size\":")).contains(new JsonCursor(Map.of(), "size", 8));
        assertThat(JsonCursor.at("{\"size\": \"big \\\" one")).contains(new JsonCursor(Map.of(), "size", 9));
        assertThat(JsonCursor.at("{\"deep\": tr")).contains(new JsonCursor(Map.of(), "deep", 9));
    }

    @Test
    void nothingIsProposedInNestedValuesAndBehindTheEnd() {
        assertThat(JsonCursor.at("{\"list\": [\"a")).isEmpty();
        assertThat(JsonCursor.at("{\"size\": \"M\"")).isEmpty();
        assertThat(JsonCursor.at("{\"size\": \"M\"} ")).isEmpty();
        assertThat(JsonCursor.at("text")).isEmpty();
    }

    @Test
    void theVariableAtTheEndOfAUriIsFound() {
        assertThat(UriCursor.at("user://notes/{note_id}", "user://notes/note_1"))
            .contains(new UriCursor(Map.of(), "note_id", "user://notes/", "note_1"));
        assertThat(UriCursor.at("repo://{owner}/{name}", "repo://a%20b/x"))
            .contains(new UriCursor(Map.of("owner", "a b"), "name", "repo://a%20b/", "x"));
        assertThat(UriCursor.at("user://notes/{note_id}", "user://pro")).isEmpty();
        assertThat(new UriCursor(Map.of(), "owner", "repo://", "a").with("a b/c")).isEqualTo("repo://a%20b%2Fc");
    }
}
