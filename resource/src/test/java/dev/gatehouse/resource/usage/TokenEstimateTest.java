package dev.gatehouse.resource.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class TokenEstimateTest {

    @Test
    void countsAsItsMethodSays() {
        assertThat(TokenEstimate.of("")).isZero();
        assertThat(TokenEstimate.of("abcd")).isEqualTo(1);
        assertThat(TokenEstimate.of("abcde")).isEqualTo(2);
        assertThat(TokenEstimate.of("漢字かな")).isEqualTo(4);
        assertThat(TokenEstimate.of("한국어")).isEqualTo(3);
        assertThat(TokenEstimate.of("привет")).isEqualTo(3);
        assertThat(TokenEstimate.of("😀")).isEqualTo(1);
    }

    @Test
    void argumentsCountAsTheirJson() {
        assertThat(TokenEstimate.of(Map.of())).isZero();
        assertThat(TokenEstimate.of(Map.of("content", "abcd"))).isEqualTo(TokenEstimate.of("{\"content\":\"abcd\"}"));
    }
}
