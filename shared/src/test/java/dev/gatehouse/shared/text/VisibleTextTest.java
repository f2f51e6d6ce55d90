package dev.gatehouse.shared.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VisibleTextTest {

    /** Controls, escape sequences, bidirectional controls, zero-width characters, fillers, variation selectors, tags, line separators. */
    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x07, 0x08, 0x0A, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x180B, 0x180E, 0x200B,
        0x200C, 0x200D, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2060, 0x2061, 0x2064, 0x2066, 0x2067, 0x2068,
        0x2069, 0x206A, 0x2800, 0x3164, 0xD800, 0xDC00, 0xE000, 0xFE00, 0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9, 0xFFFE, 0x1D173, 0xE0001, 0xE0041, 0xE0100, 0xF0000})
    void whatCannotBeSeenIsShownEscaped(int codePoint) {
        String hidden = new String(Character.toChars(codePoint));
        String shown = VisibleText.of("Cla" + hidden + "ude");
        assertThat(shown).startsWith("Cla\\u").endsWith("ude").doesNotContain(hidden);
        assertThat(new JsonObject("{\"a\":\"" + shown + "\"}").getString("a")).as("the same in JSON").isEqualTo("Cla" + hidden + "ude");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Claude Code (notes)", "Ångström & Söhne", "メモ帳", "עברית", "العربية", "한국어", "e\u0301", "नोट्स", "ใจ", "🤖 Bot", "⚙\uFE0F Werkzeug", "a\\u202eb", ""})
    void whatPeopleWriteStaysAsItIs(String text) {
        assertThat(VisibleText.of(text)).isEqualTo(text);
    }

    @Test
    void aVariationOfALetterIsShownEscaped() {
        assertThat(VisibleText.of("a\uFE0F ®\uFE0F")).isEqualTo("a\\ufe0f ®\\ufe0f");
    }

    @Test
    void marksThatArePiledUpAreShownEscaped() {
        assertThat(VisibleText.of("e" + "\u0301".repeat(8) + "!")).isEqualTo("e" + "\u0301".repeat(6) + "\\u0301\\u0301!");
        assertThat(VisibleText.of("a\u20DD".repeat(9))).as("one a letter").isEqualTo("a\u20DD".repeat(9));
    }

    @Test
    void linesKeepTheirBreaksAndNothingElse() {
        assertThat(VisibleText.lines("one\n\ttwo\r\u001B[2J")).isEqualTo("one\n\ttwo\\u000d\\u001b[2J");
        assertThat(VisibleText.of("one\n\ttwo")).isEqualTo("one\\u000a\\u0009two");
    }

    @Test
    void namesAreBoundedBeforeAndAfterTheyAreEscaped() {
        assertThat(VisibleText.name("get_secure_note")).isEqualTo("get_secure_note");
        assertThat(VisibleText.name("x".repeat(64))).isEqualTo("x".repeat(64));
        assertThat(VisibleText.name("x".repeat(100_000))).isEqualTo("x".repeat(64) + "…");
        assertThat(VisibleText.name("a\u202Eb")).isEqualTo("a\\u202eb");
        assertThat(VisibleText.name("\u202E".repeat(40))).hasSize(65).startsWith("\\u202e\\u202e").endsWith("…");
        assertThat(VisibleText.name("x".repeat(63) + "🤖")).as("no half of a character").startsWith("x".repeat(63)).endsWith("…").doesNotContain("\ud83e");
    }
}
