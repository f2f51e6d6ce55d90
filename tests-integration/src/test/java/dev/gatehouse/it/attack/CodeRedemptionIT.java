package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.fixtures.McpSession;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.http.HttpResponse;

/** Codes that are replayed, stolen, guessed or redeemed without their proof (OAuth 2.1 §4.1.3, §7.5). */
@Gatehouse
final class CodeRedemptionIT {
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;
    private Pkce pkce;
    private String code;

    CodeRedemptionIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @BeforeEach
    void obtainCode() {
        pkce = Pkce.fresh();
        code = gatehouse.journey().code(client, pkce);
    }

    @Test
    void replayRevokesWhatTheFirstRedemptionIssued() {
        Tokens tokens = Tokens.of(client.redeem(code, pkce).body());
        assertThat(client.active(tokens.access())).isTrue();

        assertError(client.redeem(code, pkce), "invalid_grant");
        assertThat(client.active(tokens.access())).isFalse();
        assertThat(client.refresh(tokens.refresh()).statusCode()).isEqualTo(400);
        assertThat(McpSession.admits(gatehouse.mcp(), tokens.access())).isFalse();
    }

    @Test
    void replayWithAWrongVerifierRevokesNothing() {
        Tokens tokens = Tokens.of(client.redeem(code, pkce).body());
        assertError(client.redeem(code, Pkce.fresh()), "invalid_grant");
        assertThat(client.active(tokens.access())).isTrue();
        assertThat(client.refresh(tokens.refresh()).statusCode()).isEqualTo(200);
    }

    @Test
    void replayByAnotherClientRevokesNothing() {
        Tokens tokens = Tokens.of(client.redeem(code, pkce).body());
        assertError(gatehouse.publicClient().redeem(code, pkce, "redirect_uri", null), "invalid_grant");
        assertThat(client.active(tokens.access())).isTrue();
    }

    @Test
    void anotherClientCannotRedeemAndTheOwnerStillCan() {
        assertError(gatehouse.publicClient().redeem(code, pkce, "redirect_uri", null), "invalid_grant");
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(nullValues = "absent", value = {
        "code_verifier, absent", "code_verifier, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "code_verifier, short", "code_verifier, 'with space and enough characters to be long enough'",
        "redirect_uri, http://localhost:3000/other", "redirect_uri, http://localhost:3001/callback"})
    void faultyProofIsRefusedAndTheCodeIsNotBurnt(String parameter, String value) {
        HttpResponse<String> refused = client.redeem(code, pkce, parameter, value);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(refused.body()).getString("error")).isIn("invalid_grant", "invalid_request");
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void verifierOfWrongLengthIsRefused() {
        assertThat(client.redeem(code, pkce, "code_verifier", "a".repeat(42)).statusCode()).isEqualTo(400);
        assertThat(client.redeem(code, pkce, "code_verifier", "a".repeat(129)).statusCode()).isEqualTo(400);
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void wrongSecretDoesNotBurnTheCode() {
        OAuthClient impostor = new OAuthClient(client.issuer(), client.id(), "wrong", client.redirectUri());
        assertThat(impostor.redeem(code, pkce).statusCode()).isEqualTo(401);
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void anotherResourceThanTheApprovedOneIsRefused() {
        assertError(client.redeem(code, pkce, "resource", "http://localhost:5997/mcp"), "invalid_target");
        assertThat(client.redeem(code, pkce, "resource", gatehouse.mcp()).statusCode()).isEqualTo(200);
    }

    @Test
    void alteredCodeIsRefused() {
        String altered = code.substring(0, code.length() - 2) + (code.endsWith("AA") ? "BB" : "AA");
        assertError(client.redeem(altered, pkce), "invalid_grant");
        assertError(client.redeem(code.substring(4), pkce), "invalid_grant");
        assertError(client.redeem(code + "A", pkce), "invalid_grant");
        assertThat(client.redeem(code, pkce).statusCode()).isEqualTo(200);
    }

    @Test
    void otherTokensAreNotCodes() {
        Tokens tokens = Tokens.of(client.redeem(code, pkce).body());
        assertError(client.redeem(tokens.access(), pkce), "invalid_grant");
        assertError(client.redeem(tokens.refresh(), pkce), "invalid_grant");
        assertError(client.refresh(tokens.access()), "invalid_grant");
        assertError(client.refresh(code), "invalid_grant");
        assertThat(client.active(tokens.access())).isTrue();
        assertThat(client.refresh(tokens.refresh()).statusCode()).isEqualTo(200);
    }

    private static void assertError(HttpResponse<String> response, String error) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
    }
}
