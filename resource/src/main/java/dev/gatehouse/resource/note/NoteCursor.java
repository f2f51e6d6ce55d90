package dev.gatehouse.resource.note;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A position in the list of notes, newest first. It identifies the last listed note, so that added or deleted notes, even that
 * note itself, do not shift the position.
 *
 * @param createdAt the creation time of that note, epoch milliseconds
 */
record NoteCursor(long createdAt, String id) {

    static final NoteCursor START = new NoteCursor(Long.MAX_VALUE, "");

    static NoteCursor behind(NoteSummary note) {
        return new NoteCursor(note.createdAt().toEpochMilli(), note.id());
    }

    /** Parses a cursor; null if the text is not one. */
    static NoteCursor parse(String text) {
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(" ", 2);
            return parts.length == 2 ? new NoteCursor(Long.parseLong(parts[0]), parts[1]) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    String encode() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((createdAt + " " + id).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns whether a note is listed after this position. */
    boolean isBefore(NoteSummary note) {
        long created = note.createdAt().toEpochMilli();
        return created < createdAt || created == createdAt && note.id().compareTo(id) < 0;
    }
}
