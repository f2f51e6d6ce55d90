package dev.gatehouse.resource.note;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;

/** What the texts of a note may be, in terms of characters as people count them. */
final class NoteText {

    static final String DEFAULT_TITLE = "Untitled";
    static final int TITLE_CHARACTERS = 200;
    static final int CONTENT_BYTES = 65_536;
    private static final int PREVIEW_CHARACTERS = 100;

    private NoteText() {
    }

    /** @return why this cannot be a title, or null */
    static String titleProblem(String title) {
        if (title.codePointCount(0, title.length()) > TITLE_CHARACTERS) {
            return "The title is too long: it may have " + TITLE_CHARACTERS + " characters.";
        }
        if (title.codePoints().anyMatch(Character::isISOControl)) {
            return "The title holds a line break or another control character. Put it on one line.";
        }
        return hasLoneSurrogate(title) ? "The title is not valid Unicode text." : null;
    }

    /** @return why this cannot be a content, or null */
    static String contentProblem(String content) {
        if (content.isBlank()) {
            return "The content is empty. Give the text of the note in content.";
        }
        if (hasLoneSurrogate(content)) {
            return "The content is not valid Unicode text.";
        }
        int bytes = content.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= CONTENT_BYTES ? null
            : "The content is too long: it has " + bytes + " bytes of UTF-8 and may have " + CONTENT_BYTES + ". Split it into several notes.";
    }

    /** Half a character cannot be stored as UTF-8, and would come back as a question mark. */
    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** The beginning of a content on one line, cut between characters as people see them. */
    static String preview(String content) {
        String line = content.substring(0, Math.min(content.length(), 4 * PREVIEW_CHARACTERS)).strip().replaceAll("\\s+", " ");
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(line);
        int end = characters.next(PREVIEW_CHARACTERS);
        if (end == BreakIterator.DONE) {
            end = characters.last();
            if (content.length() > 4 * PREVIEW_CHARACTERS) {
                // The last character may be cut. A line of blanks alone is empty and has none.
                end = Math.max(characters.previous(), 0);
            }
        }
        return end == line.length() && content.length() <= 4 * PREVIEW_CHARACTERS ? line : line.substring(0, end) + "…";
    }
}
