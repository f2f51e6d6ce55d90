package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;

/** The refresh token grant: rotation, its grace, and narrowing (OAuth 2.1 §4.3). */
@Gatehouse
final class RefreshTokenFlowIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    RefreshTokenFlowIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void everyRefreshGivesANewPair() {
        Tokens first = gatehouse.tokens();
        Tokens second = Tokens.of(client.refresh(first.refresh()).body());
        Tokens third = Tokens.of(client.refresh(second.refresh()).body());

        assertThat(third.refresh()).isNotEqualTo(second.refresh()).isNotEqualTo(first.refresh());
        assertThat(third.access()).isNotEqualTo(second.access());
        assertThat(client.active(third.access())).isTrue();
    }

    @Test
    void lostResponseIsRepeatedWithTheSameSuccessor() {
        Tokens first = gatehouse.tokens();
        Tokens lost = Tokens.of(client.refresh(first.refresh()).body());
        HttpResponse<String> retried = client.refresh(first.refresh());

        assertThat(retried.statusCode()).as(retried.body()).isEqualTo(200);
        assertThat(Tokens.of(retried.body()).refresh()).isEqualTo(lost.refresh());
        assertThat(client.refresh(lost.refresh()).statusCode()).isEqualTo(200);
    }

    @Test
    void reuseAfterTheSuccessorWasUsedRevokesTheFamily() {
        Tokens first = gatehouse.tokens();
        Tokens second = Tokens.of(client.refresh(first.refresh()).body());
        Tokens third = Tokens.of(client.refresh(second.refresh()).body());

        HttpResponse<String> reuse = client.refresh(first.refresh());
        assertThat(reuse.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(reuse.body()).getString("error")).isEqualTo("invalid_grant");
        assertThat(client.active(third.access())).isFalse();
        assertThat(client.active(first.access())).isFalse();
        assertThat(client.refresh(third.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void scopeIsNarrowedForOneAccessTokenOnly() {
        Tokens first = gatehouse.tokens();
        Tokens narrow = Tokens.of(client.refresh(first.refresh(), "scope", "mcp:read").body());
        assertThat(narrow.scope()).isEqualTo("mcp:read");

        Tokens full = Tokens.of(client.refresh(narrow.refresh()).body());
        JsonObject claims = new JsonObject(client.introspect(full.access()).body());
        assertThat(claims.getString("scope").split(" ")).containsExactlyInAnyOrder("mcp:read", "mcp:write");
    }

    @Test
    void widerScopeIsRefusedAndNothingIsRotated() {
        Tokens narrow = gatehouse.tokens("scope", "mcp:read");
        HttpResponse<String> refused = client.refresh(narrow.refresh(), "scope", "mcp:read mcp:write");
        assertThat(new JsonObject(refused.body()).getString("error")).isEqualTo("invalid_scope");

        Tokens next = Tokens.of(client.refresh(narrow.refresh()).body());
        assertThat(client.refresh(next.refresh()).statusCode()).isEqualTo(200);
    }
}
