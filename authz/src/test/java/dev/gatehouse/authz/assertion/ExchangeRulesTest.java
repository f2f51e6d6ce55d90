package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.Issues.NOW;
import static dev.gatehouse.authz.support.Issues.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.assertion.ExchangeRules.Attempt;
import dev.gatehouse.authz.scope.LoginClaims;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.authz.token.AccessToken;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveUser;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;

class ExchangeRulesTest {

    private static final String OTHER = "http://localhost:8002/mcp";
    private static final Confirmation KEY = Confirmation.ofKey("thumb");
    private static final Client APP = Clients.publicClient("app");
    private static final Client SERVER = Clients.resourceServer("server", "s3cret", RESOURCE);
    private static final Client STRANGER = Clients.publicClient("stranger");

    private static final ExchangeRules RULES = rules();

    @Test
    void clientOfTheTokenGetsFewerScopesUnderTheSameGrant() {
        AccessToken token = decide(APP, subject(null, NOW + 5_000), null, "mcp:read");
        assertThat(token.scopes()).isEqualTo(Scopes.of("mcp:read"));
        assertThat(token.grantId()).isEqualTo("gnt_1");
        assertThat(token.clientId()).isEqualTo("app");
        assertThat(token.sub()).isEqualTo("user");
        assertThat(token.audience()).containsExactly(RESOURCE);
        assertThat(token.expiresAt()).isEqualTo(NOW + 5_000);
    }

    @Test
    void serverOfTheResourceExchangesATokenThatItReceived() {
        assertThat(decide(SERVER, subject(null, NOW + 1), null, "mcp:read").clientId()).isEqualTo("server");
    }

    @Test
    void othersAndExpiredTokensAreRejectedAlike() {
        assertRefused(STRANGER, subject(null, NOW + 1), null, OAuthErrorCode.INVALID_REQUEST, "neither issued to this client");
        assertRefused(APP, subject(null, NOW), null, OAuthErrorCode.INVALID_REQUEST, "not active");
        assertRefused(APP, null, null, OAuthErrorCode.INVALID_REQUEST, "not active");
    }

    @Test
    void boundTokenNeedsAProofOfItsKey() {
        assertRefused(APP, subject(KEY, NOW + 1), null, OAuthErrorCode.INVALID_REQUEST, "bound to a key");
        assertRefused(APP, subject(KEY, NOW + 1), Confirmation.ofKey("other"), OAuthErrorCode.INVALID_REQUEST, "bound to a key");
        assertThat(decide(APP, subject(KEY, NOW + 1), KEY, null).confirmation()).isEqualTo(KEY);
    }

    @Test
    void scopesNeverGrow() {
        assertThatThrownBy(() -> decide(APP, new ActiveToken(token(Scopes.of("mcp:read"), null, NOW + 1), null, List.of(), LoginClaims.NONE), null, "mcp:write"))
            .isInstanceOfSatisfying(OAuthException.class, failure -> assertThat(failure.code()).isEqualTo(OAuthErrorCode.INVALID_SCOPE));
    }

    @Test
    void usersTokenGetsAnotherResourceOnlyIfTheUserOrTheOperatorAllowedIt() {
        Attempt attempt = new Attempt(APP, List.of(OTHER), "mcp:read");
        ActiveToken own = new ActiveToken(token(Scopes.of("mcp:read"), null, NOW + 1), null, List.of(), LoginClaims.NONE);
        assertThat(RULES.decide(attempt, own, Issues.at(NOW, null)).audience()).containsExactly(OTHER);

        ActiveToken consented = new ActiveToken(own.token(), user(), List.of(OTHER), LoginClaims.NONE);
        assertThat(RULES.decide(attempt, consented, Issues.at(NOW, null)).audience()).containsExactly(OTHER);

        ActiveToken elsewhere = new ActiveToken(own.token(), user(), List.of(RESOURCE), LoginClaims.NONE);
        assertThatThrownBy(() -> RULES.decide(attempt, elsewhere, Issues.at(NOW, null)))
            .isInstanceOfSatisfying(OAuthException.class, failure -> assertThat(failure.code()).isEqualTo(OAuthErrorCode.INVALID_TARGET));

        Client named = APP.withPolicy(ClientPolicy.of(new JsonObject().put("resources", new JsonArray().add(RESOURCE).add(OTHER))));
        assertThat(RULES.decide(new Attempt(named, List.of(OTHER), "mcp:read"), elsewhere, Issues.at(NOW, null)).audience()).containsExactly(OTHER);
    }

    private static AccessToken decide(Client client, ActiveToken found, Confirmation proved, String scope) {
        return RULES.decide(new Attempt(client, List.of(), scope), found, Issues.at(NOW, proved));
    }

    private static void assertRefused(Client client, ActiveToken found, Confirmation proved, OAuthErrorCode code, String reason) {
        assertThatThrownBy(() -> decide(client, found, proved, null)).isInstanceOfSatisfying(OAuthException.class, failure -> {
            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.privateReason()).contains(reason);
        });
    }

    private static ActiveToken subject(Confirmation confirmation, long expiresAt) {
        return new ActiveToken(token(Scopes.of("mcp:read", "mcp:write"), confirmation, expiresAt), user(), List.of(RESOURCE), LoginClaims.NONE);
    }

    private static AccessToken token(Scopes scopes, Confirmation confirmation, long expiresAt) {
        return new AccessToken("hash", "gnt_1", "app", "user", scopes, List.of(RESOURCE), NOW - 1, expiresAt, confirmation);
    }

    private static ActiveUser user() {
        return new ActiveUser("ada", null, null, NOW - 1, null);
    }

    private static ExchangeRules rules() {
        AuthzOptions options = AuthzOptions.of(new JsonObject().put("resources", new JsonArray().add(new JsonObject().put("resource", OTHER))));
        return new ExchangeRules(options.resourcePolicy(), new ScopePolicy(options.scopeNames(), options.scopeHierarchy(), options.resourcePolicy()));
    }
}
