package dev.gatehouse.it.architecture;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Comments, messages and documents keep to plain English. */
final class EnglishTest {

    /** The number of offences that a room still has: it may fall and never rise. A room without a line has none. */
    private static final String CEILINGS = "english-ceilings.properties";

    @Test
    void noRoomGetsHarderToRead() throws IOException {
        Map<String, Long> ceilings = ceilings();
        List<English.Offence> offences = English.offences(Product.ROOT);
        Map<String, Long> present = offences.stream().collect(groupingBy(English.Offence::room, counting()));
        assertThat(offences.stream().filter(offence -> present.get(offence.room()) > ceilings.getOrDefault(offence.room(), 0L))
            .map(English.Offence::toString).collect(joining("\n"))).as("the offences of the rooms with more of them than " + CEILINGS + " permits").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "// It is read by nobody.", "// Somebody else waits.", "// Whoever asks waits.", "// Whatever comes is kept.", "// Loads it anew.",
        "// A caller that heeds it", "/* It is vouched\n * for by its key. */", "String s = \"The server was told of it\";", "/** Words parted by spaces. */",
        "// It is for the operator to decide.", "// A token that is none of ours", "// It ends of its own accord.", "/** What a client may ask. */",
        "/**\n * Whether it is a browser: else a client. More.\n */", "/** When the token expires. */", "\"\"\"\n    Nobody has it\n\"\"\"",
        "\"\\\"\" + \"nobody\"", "char c = '\"'; // nobody", "// The first line\n// and nobody"})
    void hardWordingIsFound(String source) {
        assertThat(English.inJava(source)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "int nobody = anew;", "/** When the token expires, the session ends. */", "/** Returns true for a browser.\n * @return whether it is one */",
        "/** Which revision is newer? */", "// The separator is a space.", "String url = \"https://example.com\"; int whatever;"})
    void plainWordingAndCodePass(String source) {
        assertThat(English.inJava(source)).isEmpty();
    }

    @Test
    void anOffenceIsReportedOnItsLine() {
        assertThat(English.inJava("\n/**\n * The head.\n * Read by nobody.\n */\nint a; // anew\n")).containsExactly("4: nobody", "6: anew");
    }

    private static Map<String, Long> ceilings() throws IOException {
        try (InputStream file = EnglishTest.class.getClassLoader().getResourceAsStream(CEILINGS)) {
            Properties properties = new Properties();
            properties.load(file);
            return properties.stringPropertyNames().stream().collect(toMap(room -> room, room -> Long.valueOf(properties.getProperty(room))));
        }
    }
}
