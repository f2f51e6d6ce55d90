package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;

/** Introspection and revocation (RFC 7662, RFC 7009). */
@Gatehouse
final class IntrospectionFlowIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    IntrospectionFlowIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void activeTokenIsDescribed() {
        HttpResponse<String> response = client.introspect(gatehouse.tokens().access());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonObject claims = new JsonObject(response.body());
        assertThat(claims.getBoolean("active")).isTrue();
        assertThat(claims.getString("iss")).isEqualTo(gatehouse.issuer());
        assertThat(claims.getString("client_id")).isEqualTo(OAuthClient.TEST_ID);
        assertThat(claims.getString("token_type")).isEqualToIgnoringCase("Bearer");
        assertThat(claims.getString("sub")).startsWith("usr_");
        assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(3600);
        assertThat(Instant.ofEpochSecond(claims.getLong("exp"))).isAfter(Instant.now());
    }

    @Test
    void activeTokenNamesItsUser() {
        JsonObject claims = new JsonObject(client.introspect(gatehouse.tokens().access()).body());
        assertThat(claims.getString("username")).isEqualTo("testuser");
        assertThat(claims.getString("email")).isEqualTo("testuser@example.com");
        assertThat(claims.getString("name")).isEqualTo("Test User");
        OffsetDateTime created = OffsetDateTime.parse(claims.getString("created_at"));
        assertThat(OffsetDateTime.parse(claims.getString("last_login"))).isAfterOrEqualTo(created);
    }

    @Test
    void revokedAccessTokenIsDeadAtOnceAndItsFamilyLives() {
        Tokens tokens = gatehouse.tokens();
        assertThat(client.active(tokens.access())).isTrue();
        assertThat(client.revoke(tokens.access()).statusCode()).isEqualTo(200);
        assertThat(client.active(tokens.access())).isFalse();
    }

    @Test
    void revokedRefreshTokenTakesItsAccessTokensAlong() {
        Tokens tokens = gatehouse.tokens();
        assertThat(client.revoke(tokens.refresh()).statusCode()).isEqualTo(200);
        assertThat(client.active(tokens.access())).isFalse();
        assertThat(client.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
    }

    @Test
    void revokingWhatIsUnknownSucceeds() {
        assertThat(client.revoke("gha_unknown").statusCode()).isEqualTo(200);
    }

    @Test
    void demoProfileIntrospectsForAnyoneOnLoopback() {
        String token = gatehouse.tokens().access();
        HttpResponse<String> open = Http.postForm(gatehouse.issuer() + "/oauth/introspect", Map.of("token", token));
        assertThat(open.statusCode()).isEqualTo(200);
        assertThat(new JsonObject(open.body()).getBoolean("active")).isTrue();
    }
}
