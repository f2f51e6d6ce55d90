package dev.gatehouse.it.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Product;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Comments, messages and documents keep to plain English. */
final class EnglishTest {

    @Test
    void nothingIsHardToRead() {
        assertThat(English.offences(Product.ROOT)).extracting(English.Offence::toString).isEmpty();
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
}
