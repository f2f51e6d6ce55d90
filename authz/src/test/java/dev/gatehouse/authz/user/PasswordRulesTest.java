package dev.gatehouse.authz.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.user.PasswordRules.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordRulesTest {

    @Test
    void lengthIsEightToOneHundredAndTwentyEightCharacters() {
        assertThat(problem("7 chars")).isEqualTo(Problem.TOO_SHORT);
        assertThat(problem("8 chars!")).isNull();
        assertThat(problem("x".repeat(128))).isNull();
        assertThat(problem("x".repeat(129))).isEqualTo(Problem.TOO_LONG);
        assertThat(problem("x".repeat(1_000_000))).isEqualTo(Problem.TOO_LONG);
    }

    @Test
    void charactersAreCountedAndNotTheirParts() {
        assertThat(problem("\uD83D\uDC34".repeat(7))).isEqualTo(Problem.TOO_SHORT);
        assertThat(problem("\uD83D\uDC34".repeat(128))).isNull();
        assertThat(problem("\uD83D\uDC34".repeat(129))).isEqualTo(Problem.TOO_LONG);
        assertThat(problem("o\u0308".repeat(7))).as("composed characters").isEqualTo(Problem.TOO_SHORT);
        assertThat(problem("o\u0308".repeat(128))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "Password1", "12345678", "QWERTYUIOP", "iloveyou", "passw0rd", "P@ssw0rd", "letmein123", "welcome1", "Summer2024!",
        "trustno1", "football", "1q2w3e4r", "princess1", "11111111", "changeme", "admin123", "sunshine"})
    void commonPasswordIsRefusedInAnyCase(String password) {
        assertThat(problem(password)).isEqualTo(Problem.COMMON);
    }

    @ParameterizedTest
    @ValueSource(strings = {"correct horse", "lowercaseonlyletters", "83920174650218", "        ", "\u304a\u306f\u3088\u3046\u3054\u3056\u3044\u307e\u3059"})
    void noKindOfCharacterIsDemanded(String password) {
        assertThat(problem(password)).isNull();
    }

    @Test
    void passwordIsNotTheUsername() {
        assertThat(PasswordRules.problem("Anna.Example", "anna.example")).contains(Problem.USERNAME);
        assertThat(PasswordRules.problem("Anna.Example", "bob")).isEmpty();
    }

    private static Problem problem(String password) {
        return PasswordRules.problem(password, "anna").orElse(null);
    }
}
