package dev.gatehouse.it.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.HexFormat;

/** A short run of what {@code ./gatehouse-dev fuzz} does for long, with a fixed seed. */
final class FuzzTargetTest {

    private static final long SEED = 16;

    @ParameterizedTest
    @EnumSource(FuzzTarget.class)
    void parserFailsOnlyWithTheExceptionsThatItAnnounces(FuzzTarget target) {
        Corpus corpus = new Corpus(target, SEED);
        assertThat(corpus.seeds()).isNotEmpty();
        corpus.seeds().forEach(seed -> requireAnnounced(target, seed));
        for (int i = 0; i < target.fewInputs(); i++) {
            requireAnnounced(target, corpus.next());
        }
    }

    private static void requireAnnounced(FuzzTarget target, byte[] input) {
        assertThatCode(() -> target.feed(input)).as("input " + HexFormat.of().formatHex(input)).doesNotThrowAnyException();
    }
}
