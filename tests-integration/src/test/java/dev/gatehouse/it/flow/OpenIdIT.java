package dev.gatehouse.it.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.claims.AccessTokenHash;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.AccessTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Browser;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.fixtures.Page;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Map;

/** OpenID Connect with Nimbus' certified library. */
@Gatehouse
final class OpenIdIT {
    private static final String SCOPES = "openid profile email mcp:read";
    private static final String GOODBYE = "http://127.0.0.1:7777/goodbye";
    private final RunningGatehouse gatehouse;
    private final OAuthClient client;

    OpenIdIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        client = gatehouse.client();
    }

    @Test
    void bothDiscoveryDocumentsAreOneAndALibraryTakesIt() throws Exception {
        String openid = Http.get(gatehouse.issuer() + "/.well-known/openid-configuration").body();
        assertThat(new JsonObject(openid)).isEqualTo(new JsonObject(Http.get(gatehouse.issuer() + "/.well-known/oauth-authorization-server").body()));
        OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(openid);
        assertThat(metadata.getIssuer()).isEqualTo(new Issuer(gatehouse.issuer()));
        assertThat(metadata.getIDTokenJWSAlgs()).containsExactly(JWSAlgorithm.ES256);
        assertThat(metadata.supportsRequestURIParam()).isFalse();
    }

    @Test
    void idTokenIsValidatedByALibraryWithItsNonceAndTheHashOfTheAccessToken() throws Exception {
        Tokens tokens = gatehouse.tokens("scope", SCOPES, "nonce", "n-0S6_WzA2Mj");
        IDTokenClaimsSet claims = validated(tokens, new Nonce("n-0S6_WzA2Mj"));
        assertThat(claims.getAuthenticationTime()).isNotNull();
        AccessTokenHash hash = claims.getAccessTokenHash();
        AccessTokenValidator.validate(new BearerAccessToken(tokens.access()), JWSAlgorithm.ES256, hash);
        Tokens refreshed = Tokens.of(client.refresh(tokens.refresh()).body());
        IDTokenClaimsSet later = validated(refreshed, null);
        assertThat(later.getSubject()).isEqualTo(claims.getSubject());
        assertThat(later.getAuthenticationTime()).isEqualTo(claims.getAuthenticationTime());
    }

    @Test
    void withoutTheScopeThereIsNoIdTokenAndNothingIsTold() {
        Tokens tokens = gatehouse.tokens("scope", "mcp:read");
        assertThat(tokens.json().fieldNames()).doesNotContain("id_token");
        assertThat(userInfo(tokens.access()).statusCode()).isEqualTo(403);
    }

    @Test
    void whoAsksForNoScopeIsToldNothingOfThePerson() {
        Tokens tokens = gatehouse.tokens("scope", null);
        assertThat(tokens.scope()).isEqualTo("mcp:read mcp:write");
    }

    @Test
    void userInfoTellsWhatTheScopesAllow() {
        JsonObject all = new JsonObject(userInfo(gatehouse.tokens("scope", "openid profile email").access()).body());
        assertThat(all.getString("sub")).startsWith("usr_");
        assertThat(all.getString("preferred_username")).isEqualTo("testuser");
        assertThat(all.getString("email")).isEqualTo("testuser@example.com");
        assertThat(all.getBoolean("email_verified")).isTrue();
        assertThat(all.getLong("updated_at")).isPositive();
        JsonObject least = new JsonObject(userInfo(gatehouse.tokens("scope", "openid").access()).body());
        assertThat(least.fieldNames()).containsExactly("sub");
        HttpResponse<String> without = Http.get(gatehouse.issuer() + "/oauth/userinfo");
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate")).hasValueSatisfying(value -> assertThat(value).doesNotContain("error"));
        assertThat(userInfo("gha_wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void tokenThatAnMcpServerIsSentTellsItNothingHere() {
        Tokens tokens = gatehouse.tokens("scope", SCOPES);
        assertThat(client.active(tokens.access())).isTrue();
        HttpResponse<String> refused = userInfo(tokens.access());
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).doesNotContain("testuser");
        Tokens own = Tokens.of(client.refresh(tokens.refresh(), "resource", gatehouse.issuer() + "/oauth/userinfo").body());
        assertThat(new JsonObject(userInfo(own.access()).body()).getString("email")).isEqualTo("testuser@example.com");
    }

    @Test
    void loginIsSaidInTheIdTokenAndAnotherThanThereIsCannotBeDemanded() throws Exception {
        Tokens tokens = gatehouse.tokens("scope", "openid", "max_age", "3600",
            "claims", "{\"id_token\":{\"auth_time\":{\"essential\":true},\"acr\":{\"essential\":true,\"values\":[\"1\"]}}}");
        IDTokenClaimsSet claims = validated(tokens, null);
        assertThat(claims.getAuthenticationTime()).isNotNull();
        assertThat(claims.getACR().getValue()).isEqualTo("1");
        Journey journey = gatehouse.journey();
        assertThat(Http.query(journey.browser().open(url("scope", "openid",
            "claims", "{\"id_token\":{\"acr\":{\"essential\":true,\"values\":[\"9\"]}}}")).redirect()))
            .containsEntry("error", "unmet_authentication_requirements");
        assertThat(Http.query(journey.browser().open(url("scope", "openid", "claims", "[]")).redirect())).containsEntry("error", "invalid_request");
    }

    @Test
    void claimsThatAreAskedForOneByOneComeWithTheScopesThatThePersonIsShown() {
        Tokens tokens = gatehouse.tokens("scope", "openid", "claims", "{\"userinfo\":{\"name\":{\"essential\":true}}}");
        assertThat(tokens.scope()).isEqualTo("openid profile");
        assertThat(new JsonObject(userInfo(tokens.access()).body()).getString("name")).isEqualTo("Test User");
    }

    @Test
    void requestOfOpenIdConnectNamesItsRedirectUri() {
        OAuthClient registered = register();
        assertThat(gatehouse.journey().browser().open(registered.authorizationUrl(Pkce.fresh(), "scope", "openid", "redirect_uri", null)).status())
            .isEqualTo(400);
        assertThat(gatehouse.journey().browser().open(registered.authorizationUrl(Pkce.fresh(), "scope", "mcp:read", "redirect_uri", null)).asksForPassword())
            .as("RFC 6749 lets a client with one redirect URI leave it out").isTrue();
    }

    @Test
    void tokenOfIdentityScopesAloneOpensNothingElse() {
        String token = gatehouse.tokens("scope", "openid profile").access();
        HttpResponse<String> call = Http.post(gatehouse.mcp(), "application/json",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"get_user_profile\",\"arguments\":{}}}",
            "Authorization", "Bearer " + token, "Accept", "application/json, text/event-stream");
        assertThat(call.statusCode()).isIn(400, 401, 403);
        assertThat(call.body()).doesNotContain("testuser");
    }

    @Test
    void promptsAndAgeAreHeeded() {
        Journey journey = gatehouse.journey();
        assertThat(Http.query(journey.browser().open(url("prompt", "none")).redirect())).containsEntry("error", "login_required");
        journey.code(client, Pkce.fresh(), "scope", SCOPES);
        assertThat(journey.browser().open(url("prompt", "none")).redirect()).isNotNull();
        assertThat(Http.query(journey.browser().open(url("prompt", "none", "scope", "openid mcp:read")).redirect())).containsKey("code");
        assertThat(journey.browser().open(url("prompt", "login")).asksForPassword()).isTrue();
        assertThat(journey.browser().open(url("max_age", "0")).asksForPassword()).isTrue();
        assertThat(Http.query(journey.browser().open(url("prompt", "none login")).redirect())).containsEntry("error", "invalid_request");
    }

    @Test
    void loginHintFillsTheFormAndIsEscaped() {
        assertThat(gatehouse.journey().browser().open(url("login_hint", "ann@example.com")).body()).contains("value=\"ann@example.com\"");
        assertThat(gatehouse.journey().browser().open(url("login_hint", "\"><script>alert(1)</script>")).body()).doesNotContain("<script>alert");
    }

    @Test
    void logoutWithAnIdTokenOfThePersonEndsTheSessionAndGoesToARegisteredAddressOnly() {
        OAuthClient registered = register();
        Journey journey = gatehouse.journey();
        Tokens tokens = journey.tokens(registered, "scope", "openid");
        String hint = tokens.json().getString("id_token");
        Page elsewhere = journey.browser().open(logout(hint, "http://127.0.0.1:7777/evil"));
        assertThat(elsewhere.redirect()).isNull();
        assertThat(elsewhere.body()).contains("Log out?");
        assertThat(journey.browser().open(url("scope", "mcp:read")).asksForPassword()).as("still logged in").isFalse();
        assertThat(journey.browser().submit(elsewhere, Map.of()).body()).contains("You are logged out");
        journey.tokens(registered, "scope", "openid");
        Page goodbye = journey.browser().open(logout(hint, GOODBYE) + "&state=bye");
        assertThat(goodbye.redirect()).hasToString(GOODBYE + "?state=bye");
        assertThat(journey.browser().open(registered.authorizationUrl(Pkce.fresh(), "scope", "openid")).asksForPassword()).isTrue();
    }

    @Test
    void logoutByAClientThatTheIdTokenIsNotOfIsRefusedAndEndsNothing() {
        OAuthClient registered = register();
        Journey journey = gatehouse.journey();
        String hint = journey.tokens(registered, "scope", "openid").json().getString("id_token");
        Page refused = journey.browser().open(logout(hint, GOODBYE) + "&client_id=" + client.id());
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.redirect()).isNull();
        assertThat(journey.browser().open(url("scope", "mcp:read")).asksForPassword()).as("still logged in").isFalse();
        assertThat(journey.browser().open(logout(hint, GOODBYE) + "&client_id=" + registered.id()).redirect()).hasToString(GOODBYE);
    }

    @Test
    void logoutLeadsToNoAddressOfAClientThatNobodyVouchesForUnlessAnIdTokenShowsThatItWasUsed() {
        OAuthClient registered = register();
        String unproven = gatehouse.issuer() + "/oauth/logout?"
            + Http.encode(Map.of("client_id", registered.id(), "post_logout_redirect_uri", GOODBYE));
        assertThat(gatehouse.journey().browser().open(unproven).redirect()).as("nobody is logged in").isNull();
        Journey journey = gatehouse.journey();
        String hint = journey.tokens(registered, "scope", "openid").json().getString("id_token");
        Page asks = journey.browser().open(unproven);
        assertThat(journey.browser().submit(asks, Map.of()).redirect()).as("the person has logged out").isNull();
        journey.code(client, Pkce.fresh());
        assertThat(journey.browser().open(logout(hint, GOODBYE)).redirect()).as("of a session that is over").isNull();
        journey.tokens(registered, "scope", "openid");
        assertThat(journey.browser().open(logout(hint, GOODBYE)).redirect()).hasToString(GOODBYE);
    }

    @Test
    void idTokenOfAClientThatTookNoPartInTheSessionLeadsNobodyToIt() {
        OAuthClient registered = register();
        String hint = gatehouse.journey().tokens(registered, "scope", "openid").json().getString("id_token");
        Journey elsewhere = gatehouse.journey();
        elsewhere.code(client, Pkce.fresh());
        Page asks = elsewhere.browser().open(logout(hint, GOODBYE));
        assertThat(asks.redirect()).isNull();
        assertThat(asks.body()).contains("Log out?").doesNotContain("7777");
        assertThat(elsewhere.browser().open(url("scope", "mcp:read")).asksForPassword()).as("still logged in").isFalse();
        elsewhere.tokens(registered, "scope", "openid");
        assertThat(elsewhere.browser().open(logout(hint, GOODBYE)).redirect()).hasToString(GOODBYE);
    }

    @Test
    void idTokenOfAnotherPersonLeadsNobodyToItsClient() {
        OAuthClient registered = register();
        Journey own = gatehouse.journey();
        String hint = own.tokens(registered, "scope", "openid").json().getString("id_token");
        Page stranger = gatehouse.journey().browser().open(logout(hint, GOODBYE));
        assertThat(stranger.redirect()).as("not logged in").isNull();
        assertThat(stranger.body()).contains("You are logged out").doesNotContain("7777");
        Journey other = otherPerson("victim");
        other.code(client, Pkce.fresh());
        Page asks = other.browser().open(logout(hint, GOODBYE));
        assertThat(asks.redirect()).isNull();
        assertThat(asks.body()).contains("Log out?").doesNotContain("7777");
        Page confirmed = other.browser().submit(asks, Map.of("id_token_hint", hint, "post_logout_redirect_uri", GOODBYE));
        assertThat(confirmed.redirect()).as("whatever is added to the form").isNull();
        assertThat(confirmed.body()).contains("You are logged out");
        assertThat(own.browser().open(logout(hint, GOODBYE)).redirect()).hasToString(GOODBYE);
    }

    @Test
    void logoutWithoutAnIdTokenAsksThePerson() {
        Journey journey = gatehouse.journey();
        journey.code(client, Pkce.fresh());
        Page asks = journey.browser().open(gatehouse.issuer() + "/oauth/logout");
        assertThat(asks.body()).contains("Log out?");
        assertThat(journey.browser().open(url("scope", "mcp:read")).asksForPassword()).as("still logged in").isFalse();
        assertThat(journey.browser().submit(asks, Map.of("csrf", "forged")).status()).isEqualTo(403);
        assertThat(journey.browser().open(url("scope", "mcp:read")).asksForPassword()).isFalse();
        Page again = journey.browser().open(gatehouse.issuer() + "/oauth/logout");
        assertThat(journey.browser().submit(again, Map.of()).body()).contains("You are logged out");
        assertThat(journey.browser().open(url("scope", "mcp:read")).asksForPassword()).isTrue();
    }

    @Test
    void nothingOfItIsThereWhenItIsOff() {
        try (RunningGatehouse off = RunningGatehouse.inProcess(new JsonObject().put("openid", new JsonObject().put("enabled", false)), new JsonObject())) {
            assertThat(Http.get(off.issuer() + "/.well-known/openid-configuration").statusCode()).isEqualTo(404);
            assertThat(Http.get(off.issuer() + "/oauth/userinfo").statusCode()).isEqualTo(404);
            assertThat(Http.get(off.issuer() + "/oauth/logout").statusCode()).isEqualTo(404);
            String metadata = Http.get(off.issuer() + "/.well-known/oauth-authorization-server").body();
            assertThat(metadata).doesNotContain("openid", "userinfo", "end_session");
        }
    }

    @Test
    void clientThatAsksForOnePersonGetsNoCodeOfAnother() {
        String hint = gatehouse.tokens("scope", SCOPES).json().getString("id_token");
        Journey other = otherPerson("other");
        other.code(client, Pkce.fresh(), "scope", SCOPES);
        assertThat(Http.query(other.browser().open(url("scope", SCOPES, "prompt", "none", "id_token_hint", hint)).redirect()))
            .containsEntry("error", "login_required");
        Page asks = other.browser().open(url("scope", SCOPES, "prompt", "consent", "id_token_hint", hint));
        assertThat(asks.asksForPassword()).isTrue();
        assertThat(asks.body()).contains("different account");
        Page again = other.browser().submit(asks, Map.of("username", "other", "password", "a password"));
        assertThat(again.asksForPassword()).as("the same person again").isTrue();
        Page consent = other.browser().submit(again, Map.of("username", "testuser", "password", "testpass"));
        assertThat(Http.query(other.browser().submit(consent, Map.of("decision", "approve")).redirect())).containsKey("code");
        assertThat(Http.query(other.browser().open(url("scope", SCOPES, "id_token_hint", "nonsense")).redirect()))
            .containsEntry("error", "invalid_request");
    }

    private Journey otherPerson(String username) {
        Commands.addUser(gatehouse.home(), username, "a password");
        return new Journey(new Browser(gatehouse.issuer()), username, "a password");
    }

    private IDTokenClaimsSet validated(Tokens tokens, Nonce nonce) throws Exception {
        JWKSet keys = JWKSet.parse(Http.get(gatehouse.issuer() + "/oauth/jwks").body());
        IDTokenValidator validator = new IDTokenValidator(new Issuer(gatehouse.issuer()), new ClientID(client.id()), JWSAlgorithm.ES256, keys);
        return validator.validate(JWTParser.parse(tokens.json().getString("id_token")), nonce);
    }

    private HttpResponse<String> userInfo(String token) {
        return Http.get(gatehouse.issuer() + "/oauth/userinfo", "Authorization", "Bearer " + token);
    }

    private String url(String... changes) {
        return client.authorizationUrl(Pkce.fresh(), changes);
    }

    private OAuthClient register() {
        JsonObject request = new JsonObject().put("client_name", "Logs out").put("token_endpoint_auth_method", "none")
            .put("redirect_uris", new JsonArray().add("http://127.0.0.1/callback"))
            .put("post_logout_redirect_uris", new JsonArray().add(GOODBYE));
        JsonObject registered = new JsonObject(Http.post(gatehouse.issuer() + "/oauth/register", "application/json", request.encode()).body());
        return new OAuthClient(gatehouse.issuer(), registered.getString("client_id"), null, "http://127.0.0.1/callback");
    }

    private String logout(String hint, String to) {
        return gatehouse.issuer() + "/oauth/logout?" + Http.encode(Map.of("id_token_hint", hint, "post_logout_redirect_uri", to));
    }
}
