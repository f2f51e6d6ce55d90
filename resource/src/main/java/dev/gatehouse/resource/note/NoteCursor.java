package dev.gatehouse.resource.note;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place in the list of notes, the newest first. It names the last note that was told, so that notes which come or go meanwhile
 * shift nothing, be it that note itself.
 *
 * @param createdAt of that note, in epoch milliseconds
 */
record NoteCursor(long createdAt, String id) {

    static final NoteCursor START = new NoteCursor(Long.MAX_VALUE, "");

    static NoteCursor behind(NoteSummary note) {
        return new NoteCursor(note.createdAt().toEpochMilli(), note.id());
    }

    /** Null if the text is no cursor. */
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

    /** Whether a note is listed behind this place. */
    boolean isBefore(NoteSummary note) {
        long created = note.createdAt().toEpochMilli();
        return created < createdAt || created == createdAt && note.id().compareTo(id) < 0;
    }
}
