package dev.gatehouse.resource.note;

import java.nio.charset.StandardCharsets;
import java.text.BreakIterator;
import java.util.Locale;

/** The rules for the texts of a note, in characters as users count them. */
final class NoteText {

    static final String DEFAULT_TITLE = "Untitled";
    static final int TITLE_CHARACTERS = 200;
    static final int CONTENT_BYTES = 65_536;
    private static final int PREVIEW_CHARACTERS = 100;

    private NoteText() {
    }

    /** @return the problem of the title, or null */
    static String titleProblem(String title) {
        if (title.codePointCount(0, title.length()) > TITLE_CHARACTERS) {
            return "The title is too long: the maximum is " + TITLE_CHARACTERS + " characters.";
        }
        if (title.codePoints().anyMatch(Character::isISOControl)) {
            return "The title contains a line break or another control character. Use one line.";
        }
        return hasLoneSurrogate(title) ? "The title is not valid Unicode text." : null;
    }

    /** @return the problem of the content, or null */
    static String contentProblem(String content) {
        if (content.isBlank()) {
            return "The content is empty. Pass the text of the note in content.";
        }
        if (hasLoneSurrogate(content)) {
            return "The content is not valid Unicode text.";
        }
        int bytes = content.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= CONTENT_BYTES ? null
            : "The content is too long: it has " + bytes + " bytes of UTF-8, and the maximum is " + CONTENT_BYTES + ". Split it into several notes.";
    }

    /** A lone surrogate cannot be encoded in UTF-8 and would be replaced. */
    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    /** Returns the beginning of the content on one line, cut between user-perceived characters. */
    static String preview(String content) {
        String line = content.substring(0, Math.min(content.length(), 4 * PREVIEW_CHARACTERS)).strip().replaceAll("\\s+", " ");
        BreakIterator characters = BreakIterator.getCharacterInstance(Locale.ROOT);
        characters.setText(line);
        int end = characters.next(PREVIEW_CHARACTERS);
        if (end == BreakIterator.DONE) {
            end = characters.last();
            if (content.length() > 4 * PREVIEW_CHARACTERS) {
                // The last character may be incomplete. A line of blanks is empty and has none.
                end = Math.max(characters.previous(), 0);
            }
        }
        return end == line.length() && content.length() <= 4 * PREVIEW_CHARACTERS ? line : line.substring(0, end) + "…";
    }
}
