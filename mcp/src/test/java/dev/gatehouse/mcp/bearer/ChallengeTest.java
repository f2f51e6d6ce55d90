package dev.gatehouse.mcp.bearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.mcp.bearer.BearerRefusals.Challenge;
import dev.gatehouse.mcp.bearer.PresentedToken.AuthScheme;
import org.junit.jupiter.api.Test;

import java.util.List;

class ChallengeTest {

    private static final String METADATA = "https://mcp.example/.well-known/oauth-protected-resource";

    @Test
    void whereNoScopeIsNeededNoneIsNamed() {
        assertThat(Challenge.plain(AuthScheme.BEARER, METADATA, List.of())).isEqualTo("Bearer resource_metadata=\"" + METADATA + "\"");
        assertThat(Challenge.error(AuthScheme.DPOP, "invalid_token", "Expired", METADATA, List.of())).doesNotContain("scope=");
        assertThat(Challenge.plain(AuthScheme.BEARER, METADATA, List.of("a", "b"))).endsWith(", scope=\"a b\"");
    }
}
