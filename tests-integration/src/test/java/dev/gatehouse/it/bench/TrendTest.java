package dev.gatehouse.it.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

class TrendTest {
    private static final int SAMPLES = 24;

    private static Trend trend(IntToDoubleFunction sample) {
        Trend trend = new Trend("a figure", 0.05);
        IntStream.range(0, SAMPLES).mapToDouble(sample).forEach(trend::add);
        return trend;
    }

    @Test
    void aFigureThatStaysOrGrowsOnlyAtFirstIsFlat() {
        assertThat(trend(i -> 100).isFlat()).isTrue();
        assertThat(trend(i -> i < SAMPLES / 3 ? 10 * i : 100).isFlat()).isTrue();
        assertThat(trend(i -> 100 + i % 2).isFlat()).isTrue();
    }

    @Test
    void oneHighSampleDoesNotCount() {
        assertThat(trend(i -> i == SAMPLES - 2 ? 1_000 : 100).isFlat()).isTrue();
    }

    @Test
    void aFigureThatGrowsWithTimeIsNotFlat() {
        assertThat(trend(i -> 100 + i).growth()).isGreaterThan(1.05);
        assertThat(trend(i -> 100 + i).isFlat()).isFalse();
        assertThat(trend(i -> i < SAMPLES - SAMPLES / 3 ? 0 : 1).isFlat()).isFalse();
    }

    @Test
    void tooFewSamplesAreNoTrend() {
        Trend trend = new Trend("a figure", 0.05);
        trend.add(1);
        trend.add(1);
        assertThatThrownBy(trend::growth).isInstanceOf(IllegalStateException.class);
    }
}
