package dev.gatehouse.shared.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The options of a command line that has nothing else. It is read without a library, because loading Picocli takes longer than
 * most other steps of a start: its classes are too old for a class archive. An absent option is null.
 */
public final class PlainOptions {

    static final int HIGHEST_PORT = 65_535;
    /** The one option without a value. */
    private static final String DEBUG = "--debug";
    private static final String CONFIGURATION = "-conf";

    private final String command;
    private final Map<String, String> values = new HashMap<>();

    private PlainOptions(String command) {
        this.command = command;
    }

    /** An invalid command line. */
    public static final class Misuse extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Misuse(String message) {
            super(message, null, false, false);
        }
    }

    /**
     * Reads the options of a command.
     *
     * @param command the name of the command, for messages
     * @param arguments the command line after the name
     * @param valued the options with a value; {@code -conf} stands for {@code --conf} too
     * @return the options
     * @throws Misuse for an unknown or repeated option, or one without its value
     */
    public static PlainOptions read(String command, List<String> arguments, Set<String> valued) {
        PlainOptions options = new PlainOptions(command);
        Iterator<String> words = arguments.iterator();
        while (words.hasNext()) {
            options.add(words.next(), words, valued);
        }
        return options;
    }

    private void add(String word, Iterator<String> following, Set<String> valued) {
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        String written = equals < 0 ? word : word.substring(0, equals);
        String name = written.equals("--conf") ? CONFIGURATION : written;
        if (!valued.contains(name) && !word.equals(DEBUG)) {
            throw misuse("There is no option " + written + ".");
        }
        String value = name.equals(DEBUG) ? "true" : equals < 0 ? next(following, written) : word.substring(equals + 1);
        if (values.put(name, value) != null) {
            throw misuse("The option " + written + " is given twice.");
        }
    }

    private String next(Iterator<String> following, String name) {
        String value = following.hasNext() ? following.next() : "-";
        // Picocli reads the name of a file after @.
        if (value.startsWith("-") || value.startsWith("@")) {
            throw misuse("The option " + name + " needs a value.");
        }
        return value;
    }

    private Misuse misuse(String problem) {
        return new Misuse(problem + " Run: gatehouse " + command + " --help");
    }

    /**
     * Refuses the command line unless a condition holds.
     *
     * @param condition what has to be true
     * @param problem what is wrong otherwise, as a sentence
     * @throws Misuse with the problem
     */
    public void require(boolean condition, String problem) {
        if (!condition) {
            throw misuse(problem);
        }
    }

    /**
     * {@return the value of an option, or null}
     *
     * @param name the option, with its dashes
     */
    public String text(String name) {
        return values.get(name);
    }

    /**
     * {@return the value of an option}
     *
     * @param name the option, with its dashes
     * @param absent the value of an absent option
     */
    public String text(String name, String absent) {
        return values.getOrDefault(name, absent);
    }

    static boolean isPort(String text) {
        boolean isNumber = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return isNumber && Integer.parseInt(text) <= HIGHEST_PORT;
    }

    /**
     * {@return the number of a port, 0 to 65535, or null}
     *
     * @param name the option, with its dashes
     * @throws Misuse if the value is no port
     */
    public Integer port(String name) {
        String text = values.get(name);
        if (text != null && !isPort(text)) {
            throw new Misuse(name + ": " + text + " is not a port number");
        }
        return text == null ? null : Integer.valueOf(text);
    }

    /**
     * {@return the path of a file or directory, or null}
     *
     * @param name the option, with its dashes
     */
    public Path path(String name) {
        String text = values.get(name);
        return text == null ? null : Path.of(text);
    }

    /** {@return the configuration file, or null} */
    public Path configuration() {
        return path(CONFIGURATION);
    }

    /** {@return whether the log gets debug messages} */
    public boolean isDebug() {
        return values.containsKey(DEBUG);
    }
}
