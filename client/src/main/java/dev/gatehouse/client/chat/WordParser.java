package dev.gatehouse.client.chat;

import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

import java.util.ArrayList;
import java.util.List;

/** Splits a line into words at spaces, for completion. */
final class WordParser implements Parser {

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        List<String> words = new ArrayList<>(List.of(line.substring(0, cursor).stripLeading().split(" +", -1)));
        String word = words.get(words.size() - 1);
        return new Words(line, cursor, word, words);
    }

    private record Words(String line, int cursor, String word, List<String> words) implements CompletingParsedLine {

        @Override
        public int wordCursor() {
            return word.length();
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return word.length();
        }

        @Override
        public int rawWordLength() {
            return word.length();
        }

        @Override
        public int wordIndex() {
            return words.size() - 1;
        }
    }
}
