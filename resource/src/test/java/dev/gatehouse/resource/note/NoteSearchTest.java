package dev.gatehouse.resource.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class NoteSearchTest {

    @Test
    void compositionCompatibilityAndCaseDoNotCount() {
        assertThat(NoteSearch.fold("E\u0301CLAIR \uFB01n \uFF21")).isEqualTo("\u00e9clair fin a");
        assertThat(NoteSearch.fold("a\u0315\u0300")).isEqualTo(NoteSearch.fold("\u00e0\u0315"));
        assertThat(NoteSearch.fold("x\u0301".repeat(100))).isEqualTo("x\u0301".repeat(100));
    }

    /** Sorting them all at once would take minutes. */
    @Test
    void noteOfCombiningMarksIsFoldedInTimeThatGrowsWithItsLength() {
        String marks = "a" + "\u0315\u0300\u0316\u0301".repeat(NoteText.CONTENT_BYTES / 8) + "needle";
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int i = 0; i < 200; i++) {
                assertThat(NoteSearch.fold(marks)).startsWith("\u00e0").endsWith("needle").hasSizeGreaterThan(30_000);
            }
        });
    }
}
