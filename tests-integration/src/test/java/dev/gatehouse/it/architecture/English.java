package dev.gatehouse.it.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds wording that is hard to read in comments, string literals, schemas and documentation. Uses the JDK alone, so that it also runs from its
 * source: {@code java English.java [ROOM...]} in the root of the project prints one line for each offence.
 */
public final class English {

    /** Not behind a colon, where a word is a part of a URN. One pattern, because a pass over all sources takes seconds. */
    private static final Pattern WORDS = Pattern.compile("\\b(?<!:)(?:" + String.join("|",
        "nobody", "somebody", "who(?:m|so)?ever", "whatever", "anew", "heed(?:s|ed|ing|less)?", "vouch(?:es|ed|ing)?", "told of", "parted by",
        "mend(?:s|ed|ing)?", "(?:is|are|was) for (?:[\\w']+ ){1,4}to", "(?:is|are) none of", "of (?:its|their) own accord", "no more than that, but")
        .replace(" ", "\\s+") + ")\\b", Pattern.CASE_INSENSITIVE);

    /** A first sentence that is only a clause, such as "What a client may ask." or "When the token expires.". */
    private static final Pattern HEADLESS = Pattern.compile("^(?:(?:Who|Whom|Whose|What|Whether|Which|Where|How|Why)\\b|When\\b[^,]*$).*", Pattern.DOTALL);

    private static final Pattern SENTENCE_END = Pattern.compile("[.?!:](?=\\s|$)");

    /** A piece of text to read, and the line on which it starts. */
    private record Text(int line, boolean javadoc, String words) {
    }

    /** Hard wording at a place. The room is the package of Java code without the common prefix, or the folder of a document. */
    record Offence(String room, Path file, int line, String wording) {

        @Override
        public String toString() {
            return file + ":" + line + ": " + wording;
        }
    }

    private English() {
    }

    public static void main(String[] rooms) {
        List<String> asked = List.of(rooms);
        offences(Path.of("")).stream().filter(offence -> asked.isEmpty() || asked.contains(offence.room())).forEach(System.out::println);
    }

    /** The offences of the code, of its tests and of the documents below the root of the project. */
    static List<Offence> offences(Path root) {
        List<Offence> found = new ArrayList<>();
        for (Path file : files(root)) {
            String source = read(root.resolve(file));
            List<Text> texts = file.toString().endsWith(".java") ? java(source) : file.toString().endsWith(".json") ? json(source) : prose(source);
            boolean isTest = file.toString().replace('\\', '/').contains("/src/test/");
            // Strings of tests are data.
            texts.stream().filter(text -> !isTest || !text.words().startsWith("\"")).forEach(text -> check(text, (line, wording) -> found.add(new Offence(room(file), file, line, wording))));
        }
        return found;
    }

    /** The offences in one Java source, as line and wording. */
    static List<String> inJava(String source) {
        List<String> found = new ArrayList<>();
        java(source).forEach(text -> check(text, (line, wording) -> found.add(line + ": " + wording)));
        return found;
    }

    private interface Report {
        void add(int line, String wording);
    }

    private static void check(Text text, Report report) {
        for (Matcher found = WORDS.matcher(text.words()); found.find();) {
            report.add(text.line() + (int) text.words().substring(0, found.start()).chars().filter(c -> c == '\n').count(),
                found.group().replaceAll("\\s+", " "));
        }
        if (text.javadoc() && !text.words().strip().startsWith("@")) {
            String words = text.words().strip();
            Matcher end = SENTENCE_END.matcher(words);
            String sentence = end.find() ? words.substring(0, end.end()) : words;
            if (HEADLESS.matcher(sentence.replaceAll("[.:]$", "")).matches() && !sentence.endsWith("?")) {
                report.add(text.line(), "clause without a sentence: " + sentence.replaceAll("\\s+", " "));
            }
        }
    }

    /** The comments and the string literals of a Java source. */
    private static List<Text> java(String source) {
        Pattern token = Pattern.compile("(?<doc>/\\*\\*(?!/).*?\\*/)|(?<block>/\\*.*?\\*/)|(?<lines>//[^\\n]*(?:\\n[ \\t]*//[^\\n]*)*)"
            + "|(?<text>\"\"\".*?\"\"\")|(?<string>\"(?:\\\\.|[^\"\\\\\\n])*+\")|'(?:\\\\.|[^'\\\\])+'", Pattern.DOTALL);
        List<Text> texts = new ArrayList<>();
        int line = 1;
        int seen = 0;
        for (Matcher matcher = token.matcher(source); matcher.find();) {
            line += (int) source.substring(seen, matcher.start()).chars().filter(c -> c == '\n').count();
            seen = matcher.start();
            String found = matcher.group();
            if (matcher.group("doc") != null || matcher.group("block") != null) {
                String body = found.substring(found.startsWith("/**") ? 3 : 2, found.length() - 2).replaceAll("\\n[ \\t]*\\* ?", "\n");
                int first = (int) body.substring(0, body.length() - body.stripLeading().length()).chars().filter(c -> c == '\n').count();
                texts.add(new Text(line + first, matcher.group("doc") != null, body.strip()));
            } else if (matcher.group("lines") != null) {
                texts.add(new Text(line, false, found.replaceAll("(^|\\n)[ \\t]*// ?", "$1")));
            } else if (!found.startsWith("'")) {
                texts.add(new Text(line, false, found));
            }
        }
        return texts;
    }

    /** The descriptions of a JSON schema. */
    private static List<Text> json(String source) {
        List<Text> texts = new ArrayList<>();
        String[] lines = source.split("\n");
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].contains("\"description\"")) {
                texts.add(new Text(i + 1, false, lines[i]));
            }
        }
        return texts;
    }

    /** The paragraphs of a Markdown document, without its code. */
    private static List<Text> prose(String source) {
        List<Text> texts = new ArrayList<>();
        String[] lines = source.split("\n");
        StringBuilder paragraph = new StringBuilder();
        boolean code = false;
        int start = 1;
        for (int i = 0; i <= lines.length; i++) {
            boolean fence = i < lines.length && lines[i].strip().startsWith("```");
            if (i == lines.length || fence || code || lines[i].isBlank()) {
                texts.add(new Text(start, false, paragraph.toString()));
                paragraph.setLength(0);
                start = i + 2;
                code = fence != code;
            } else {
                paragraph.append(lines[i].replaceAll("`[^`]*`", "CODE")).append('\n');
            }
        }
        return texts;
    }

    private static List<Path> files(Path root) {
        Predicate<String> read = name -> name.matches("(?:docs/[^/]+|README|CONTRIBUTING|SECURITY)\\.md")
            || name.matches("[a-z]+/src/main/java/.+\\.java|[a-z]+/src/main/resources/.+\\.json|[a-z-]+/src/test/java/.+\\.java");
        List<Path> files = new ArrayList<>();
        try (Stream<Path> top = Files.list(root)) {
            for (Path start : top.filter(path -> Files.isRegularFile(path) || path.endsWith("docs") || Files.isDirectory(path.resolve("src"))).toList()) {
                Path from = Files.isDirectory(start.resolve("src")) ? start.resolve("src") : start;
                try (Stream<Path> below = Files.walk(from)) {
                    below.map(root::relativize).filter(path -> read.test(path.toString().replace('\\', '/'))).forEach(files::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files.stream().sorted().toList();
    }

    private static String room(Path file) {
        String folder = file.getParent() == null ? "." : file.getParent().toString().replace('\\', '/');
        return folder.replaceFirst("^([a-z]+)/src/main/(?:java/dev/gatehouse/\\1|resources)", "$1").replaceFirst("^([a-z]+)/src/main/java/", "$1/");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }
}
