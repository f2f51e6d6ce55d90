package dev.gatehouse.authz.factor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

final class TotpTest {

    private static final String SECRET = Totp.base32("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "2000000000, 279037", "20000000000, 353130"})
    void codesAreThoseOfTheRfc(long seconds, String code) {
        assertThat(SECRET).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assertThat(Totp.code(SECRET, seconds / 30)).isEqualTo(code);
        assertThat(Totp.step(SECRET, code, 0, seconds * 1000)).hasValue(seconds / 30);
    }

    @Test
    void neighborsOfTheCurrentStepAreAcceptedAndNoOthers() {
        long now = 1_700_000_000_000L;
        long step = now / 30_000;
        for (int offset = -3; offset <= 3; offset++) {
            assertThat(Totp.step(SECRET, Totp.code(SECRET, step + offset), 0, now).isPresent()).as("%d", offset).isEqualTo(Math.abs(offset) <= 1);
        }
    }

    @Test
    void noStepIsAcceptedAgainNorAnEarlierOne() {
        long now = 1_700_000_000_000L;
        long step = now / 30_000;
        assertThat(Totp.step(SECRET, Totp.code(SECRET, step), step, now)).isEmpty();
        assertThat(Totp.step(SECRET, Totp.code(SECRET, step - 1), step, now)).isEmpty();
        assertThat(Totp.step(SECRET, Totp.code(SECRET, step + 1), step, now)).hasValue(step + 1);
    }

    @ParameterizedTest
    @CsvSource({"''", "28708", "2870820", "28708a", "+28708", "-28708", "٢٨٧٠٨٢"})
    void onlySixDigitsAreACode(String typed) {
        assertThat(Totp.step(SECRET, typed, 0, 59_000)).isEmpty();
        assertThat(Totp.step(SECRET, " 287 082 ", 0, 59_000)).as("spaces do not matter").hasValue(1);
    }

    @Test
    void secretsHave160BitsAndDiffer() {
        Set<String> secrets = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            secrets.add(Totp.newSecret());
        }
        assertThat(secrets).hasSize(100).allMatch(secret -> secret.matches("[A-Z2-7]{32}"));
    }

    @Test
    void recoveryCodesDifferAndAreReadAsTheyAreTyped() {
        Set<String> codes = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            codes.addAll(RecoveryCodes.generate());
        }
        assertThat(codes).hasSize(1000).allMatch(code -> code.matches("[a-hjkmnp-z02-9]{5}-[a-hjkmnp-z02-9]{5}"));
        assertThat(RecoveryCodes.read(" ABCDE fghjk")).contains("abcdefghjk");
        assertThat(RecoveryCodes.read("abcde-fghj")).isEmpty();
        assertThat(RecoveryCodes.read("abcde-fghj1")).isEmpty();
    }
}
