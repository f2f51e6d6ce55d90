package dev.gatehouse.shared.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AuthorizationHeaderTest {

    @Test
    void schemeEndsAtTheFirstBlankAndIsComparedInAnyCase() {
        assertThat(AuthorizationHeader.parse("bEARER abc")).satisfies(header -> {
            assertThat(header.is("Bearer")).isTrue();
            assertThat(header.is("DPoP")).isFalse();
            assertThat(header.credentials()).isEqualTo("abc");
        });
        assertThat(AuthorizationHeader.parse("Basic   a b  ").credentials()).isEqualTo("a b");
    }

    @Test
    void schemeAloneHasNoCredentials() {
        for (String field : new String[] {"Bearer", "Bearer ", "Bearer   "}) {
            assertThat(AuthorizationHeader.parse(field)).isEqualTo(new AuthorizationHeader("Bearer", ""));
        }
        assertThat(AuthorizationHeader.parse("")).isEqualTo(new AuthorizationHeader("", ""));
        assertThat(AuthorizationHeader.parse("Bearer\tabc").is("Bearer")).isFalse();
    }

    @Test
    void textDoesNotShowTheCredentials() {
        assertThat(AuthorizationHeader.parse("Bearer abc").toString()).doesNotContain("abc");
    }
}
