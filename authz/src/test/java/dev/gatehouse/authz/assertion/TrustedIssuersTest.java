package dev.gatehouse.authz.assertion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.shared.jose.FixedKeys;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Issuers and audiences are compared exactly. */
class TrustedIssuersTest {

    private static final String SELF = "http://localhost:9000";
    private static final TrustedIssuerOptions KNOWN = TrustedIssuerOptions.loopback("https://known.example");
    private static final AudienceOptions CHAT = new AudienceOptions("https://chat.example/", Map.of("a", "b"), List.of(), List.of(), 60);

    @Test
    void configuredIssuerIsFoundByItsExactName() {
        TrustedIssuers issuers = issuers(false);
        assertThat(issuers.find("https://known.example")).hasValueSatisfying(found -> assertThat(found.known()).isTrue());
        for (String other : List.of("https://known.example/", "https://KNOWN.example", "http://known.example", "", "known.example")) {
            assertThat(issuers.find(other)).as(other).isEmpty();
        }
    }

    @Test
    void issuerOnThisMachineIsTrustedOnlyWhereThatIsAllowed() {
        assertThat(issuers(false).find("http://localhost:9100")).isEmpty();
        TrustedIssuers open = issuers(true);
        assertThat(open.find("http://localhost:9100")).hasValueSatisfying(found -> assertThat(found.known()).isFalse());
        assertThat(open.find("http://127.0.0.1:9100/tenant")).isPresent();
        assertThat(open.find("http://localhost:9100").orElseThrow().keys()).as("its keys are kept").isSameAs(open.find("http://localhost:9100").orElseThrow().keys());
        for (String other : List.of("https://evil.example", "http://localhost.evil.example", "http://user@localhost", "http://localhost:1?x",
            "http://localhost:1#x", "ftp://localhost", "localhost", "http://localhost:1/" + "a".repeat(300), "http://local host")) {
            assertThat(open.find(other)).as(other).isEmpty();
        }
    }

    @Test
    void nobodyTrustsThemselves() {
        assertThat(issuers(true).find(SELF)).isEmpty();
        assertThat(audiences(true).find(SELF)).isEmpty();
        assertThat(audiences(true).find(SELF + "/")).isEmpty();
    }

    @Test
    void audienceIsFoundByItsNameButForAFinalSlashOrOnThisMachine() {
        assertThat(audiences(false).find("https://chat.example/")).contains(CHAT);
        assertThat(audiences(false).find("https://chat.example")).contains(CHAT);
        assertThat(audiences(false).find("https://chat.example/x")).isEmpty();
        assertThat(audiences(false).find("https://CHAT.example/")).isEmpty();
        assertThat(audiences(true).find("http://localhost:9100/")).contains(AudienceOptions.loopback("http://localhost:9100"));
        assertThat(audiences(true).find("http://localhost:9100/a/")).contains(AudienceOptions.loopback("http://localhost:9100/a/"));
        assertThat(audiences(false).find("http://localhost:9100")).isEmpty();
        assertThat(audiences(true).find("http://localhost:9100")).contains(AudienceOptions.loopback("http://localhost:9100"));
        assertThat(audiences(true).find("https://elsewhere.example")).isEmpty();
    }

    private static TrustedIssuers issuers(boolean anyLoopback) {
        return new TrustedIssuers(new AssertionOptions(true, anyLoopback, List.of(KNOWN), false, List.of()), SELF,
            options -> new FixedKeys(List.of()));
    }

    private static Audiences audiences(boolean anyLoopback) {
        return new Audiences(new AssertionOptions(true, false, List.of(), anyLoopback, List.of(CHAT)), SELF);
    }
}
