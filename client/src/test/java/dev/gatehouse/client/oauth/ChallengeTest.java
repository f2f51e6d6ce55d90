package dev.gatehouse.client.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Map;

final class ChallengeTest {

    @Test
    void readsQuotedAndPlainParameters() {
        Challenge challenge = Challenge.ofOAuth(List.of(
            "Bearer resource_metadata=\"https://a.example/.well-known/oauth-protected-resource\", scope=\"a b\", error=insufficient_scope")).orElseThrow();
        assertThat(challenge.resourceMetadata()).contains("https://a.example/.well-known/oauth-protected-resource");
        assertThat(challenge.scope()).contains("a b");
        assertThat(challenge.isInsufficientScope()).isTrue();
    }

    @Test
    void findsTheBearerChallengeAmongOthers() {
        List<Challenge> challenges = Challenge.parse(List.of("Negotiate, Basic realm=\"x, y\", Bearer scope=\"read\"", "DPoP algs=\"ES256\""));
        assertThat(challenges).extracting(Challenge::scheme).containsExactly("negotiate", "basic", "bearer", "dpop");
        assertThat(challenges.get(1).parameters()).isEqualTo(Map.of("realm", "x, y"));
        assertThat(Challenge.ofOAuth(List.of("Basic realm=\"x\"", "bearer"))).isPresent();
        assertThat(Challenge.ofOAuth(List.of("Basic realm=\"x\""))).isEmpty();
    }

    @Test
    void readsEscapesAndNamesInAnyCase() {
        Challenge challenge = Challenge.ofOAuth(List.of("BEARER Realm=\"a \\\"b\\\"\" , SCOPE = \"c\"")).orElseThrow();
        assertThat(challenge.parameters()).isEqualTo(Map.of("realm", "a \"b\"", "scope", "c"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",,", "=", "\"", "Bearer =", "Bearer scope=\"open"})
    void isPatientWithMalformedFields(String field) {
        assertThat(Challenge.ofOAuth(List.of(field)).flatMap(Challenge::scope)).isEmpty();
    }
}
