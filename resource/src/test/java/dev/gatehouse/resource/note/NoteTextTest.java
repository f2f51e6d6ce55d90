package dev.gatehouse.resource.note;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NoteTextTest {

    @Test
    void halfACharacterIsNoText() {
        assertThat(NoteText.contentProblem("a\uD800b")).contains("not valid Unicode");
        assertThat(NoteText.titleProblem("\uDC00")).contains("not valid Unicode");
        assertThat(NoteText.contentProblem("a\uD83D\uDE00b")).isNull();
        assertThat(NoteText.titleProblem("\uD83D\uDE00")).isNull();
    }

    @Test
    void limitsAreExact() {
        assertThat(NoteText.titleProblem("😀".repeat(200))).isNull();
        assertThat(NoteText.titleProblem("😀".repeat(201))).contains("200 characters");
        assertThat(NoteText.contentProblem("é".repeat(32_768))).isNull();
        assertThat(NoteText.contentProblem("é".repeat(32_768) + "x")).contains("65537 bytes").contains("65536");
    }

    @Test
    void previewIsOneLineCutBetweenWholeCharacters() {
        assertThat(NoteText.preview("a\n\n  b\tc ")).isEqualTo("a b c");
        assertThat(NoteText.preview("x".repeat(100))).isEqualTo("x".repeat(100));
        assertThat(NoteText.preview("x".repeat(101))).isEqualTo("x".repeat(100) + "…");
        assertThat(NoteText.preview("e\u0301".repeat(300))).isEqualTo("e\u0301".repeat(100) + "…");
        assertThat(NoteText.preview(" ".repeat(400) + "x")).isEqualTo("…");
        assertThat(NoteText.preview("👩‍🚀".repeat(300))).endsWith("…").doesNotContain("?");
        assertThat(NoteText.contentProblem(NoteText.preview("😀".repeat(401)))).isNull();
    }
}
