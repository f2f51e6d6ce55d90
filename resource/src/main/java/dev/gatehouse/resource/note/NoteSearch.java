package dev.gatehouse.resource.note;

import dev.gatehouse.resource.note.NoteStore.SealedNote;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Finds notes by words. Notes are encrypted, so there is no index: they are decrypted one after another on a worker thread until
 * enough are found. The limit is {@link NoteStore#NOTES_PER_OWNER} notes of {@link NoteText#CONTENT_BYTES}.
 */
public final class NoteSearch {

    private static final int AT_ONCE = 50;
    private static final int MOST_MARKS = 30;

    private final Vertx vertx;
    private final NoteStore notes;
    private final Supplier<Future<Sealer>> sealer;

    public NoteSearch(Vertx vertx, NoteStore notes, Supplier<Future<Sealer>> sealer) {
        this.vertx = vertx;
        this.notes = notes;
        this.sealer = sealer;
    }

    /**
     * @param query words that must all be in the title or the content; case-insensitive
     * @param limit the maximum number of notes
     * @return newest first
     */
    Future<List<Note>> find(String owner, String query, int limit) {
        List<String> words = List.of(fold(query).strip().split("\\s+"));
        return sealer.get().compose(with -> search(owner, 0, words, limit, with, new ArrayList<>()));
    }

    private Future<List<Note>> search(String owner, int from, List<String> words, int limit, Sealer with, List<Note> found) {
        return notes.sealed(owner, AT_ONCE, from).compose(rows -> matching(rows, words, with).compose(matching -> {
            found.addAll(matching);
            boolean isEnough = rows.size() < AT_ONCE || found.size() >= limit;
            return isEnough ? Future.succeededFuture(List.copyOf(found.subList(0, Math.min(limit, found.size()))))
                : search(owner, from + AT_ONCE, words, limit, with, found);
        }));
    }

    private Future<List<Note>> matching(List<SealedNote> rows, List<String> words, Sealer with) {
        return vertx.executeBlocking(() -> rows.stream().flatMap(row -> row.tryOpen(with).stream())
            .filter(note -> holds(note, words)).toList(), false);
    }

    private static boolean holds(Note note, List<String> words) {
        String text = fold(note.title() + '\n' + note.content());
        return words.stream().allMatch(text::contains);
    }

    /**
     * Ignores case and compatibility forms. Normalization sorts combining marks in quadratic time, so a run of marks that is longer
     * than in any script (UAX #15 §13) is normalized in parts.
     */
    static String fold(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        int begin = 0;
        int marks = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            marks = isMark(text.codePointAt(i)) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                folded.append(Normalizer.normalize(text.substring(begin, i), Normalizer.Form.NFKC));
                begin = i;
                marks = 1;
            }
        }
        return folded.append(Normalizer.normalize(text.substring(begin), Normalizer.Form.NFKC)).toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isMark(int character) {
        int type = Character.getType(character);
        return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }
}
