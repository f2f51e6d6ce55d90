package dev.gatehouse.it.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.AuthorizationRequest;
import com.nimbusds.oauth2.sdk.AuthorizationResponse;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.OAuth2Error;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenErrorResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionRequest;
import com.nimbusds.oauth2.sdk.TokenIntrospectionResponse;
import com.nimbusds.oauth2.sdk.TokenIntrospectionSuccessResponse;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.TokenRevocationRequest;
import com.nimbusds.oauth2.sdk.as.AuthorizationServerMetadata;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.oauth2.sdk.token.BearerAccessToken;
import com.nimbusds.oauth2.sdk.token.RefreshToken;
import com.nimbusds.oauth2.sdk.token.Tokens;
import dev.gatehouse.it.support.Commands;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.RunningGatehouse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.io.IOException;
import java.net.URI;

/** Nimbus' OAuth SDK, which parses strictly: metadata, the code flow, introspection, revocation and errors. */
@Gatehouse
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NimbusIT {
    private static final URI CALLBACK = URI.create("http://127.0.0.1:41300/callback");
    private final RunningGatehouse gatehouse;
    private AuthorizationServerMetadata metadata;
    private ClientSecretBasic client;
    private ClientSecretBasic resourceServer;

    NimbusIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @BeforeAll
    void discover() throws GeneralException, IOException {
        metadata = AuthorizationServerMetadata.resolve(new Issuer(gatehouse.issuer()));
        client = authentication(Commands.addConfidentialClient(gatehouse, "http://127.0.0.1/callback"));
        resourceServer = authentication(Commands.addConfidentialClient(gatehouse, null, "--serves", gatehouse.mcp()));
    }

    private static ClientSecretBasic authentication(OAuthClient registered) {
        return new ClientSecretBasic(new ClientID(registered.id()), new Secret(registered.secret()));
    }

    @Test
    void metadataSaysWhatTheLibraryNeeds() {
        assertThat(metadata.getIssuer().getValue()).isEqualTo(gatehouse.issuer());
        assertThat(metadata.getCodeChallengeMethods()).containsExactly(CodeChallengeMethod.S256);
        assertThat(metadata.getTokenEndpointAuthMethods()).contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC,
            ClientAuthenticationMethod.NONE);
        assertThat(metadata.supportsAuthorizationResponseIssuerParam()).isTrue();
    }

    @Test
    void codeRefreshIntrospectionAndRevocation() throws ParseException, IOException {
        CodeVerifier verifier = new CodeVerifier();
        Tokens tokens = token(new AuthorizationCodeGrant(code(verifier), CALLBACK, verifier)).toSuccessResponse().getTokens();
        assertThat(tokens.getAccessToken().getScope()).isEqualTo(new Scope("mcp:read"));
        Tokens refreshed = token(new RefreshTokenGrant(tokens.getRefreshToken())).toSuccessResponse().getTokens();
        TokenIntrospectionSuccessResponse told = introspect(refreshed.getAccessToken());
        assertThat(told.isActive()).isTrue();
        assertThat(told.getIssuer().getValue()).isEqualTo(gatehouse.issuer());
        assertThat(told.getAudience()).extracting(Object::toString).containsExactly(gatehouse.mcp());
        assertThat(told.getClientID()).isEqualTo(client.getClientID());
        assertThat(told.getScope()).isEqualTo(new Scope("mcp:read"));
        assertThat(told.getExpirationTime()).isAfter(told.getIssueTime());

        HTTPRequest revocation = new TokenRevocationRequest(metadata.getRevocationEndpointURI(), client,
            new RefreshToken(refreshed.getRefreshToken().getValue())).toHTTPRequest();
        assertThat(revocation.send().getStatusCode()).isEqualTo(200);
        assertThat(introspect(refreshed.getAccessToken()).isActive()).isFalse();
    }

    @Test
    void errorsAreThoseOfTheSpecification() throws ParseException, IOException {
        CodeVerifier verifier = new CodeVerifier();
        AuthorizationCode code = code(verifier);
        TokenErrorResponse wrong = token(new AuthorizationCodeGrant(code, CALLBACK, new CodeVerifier())).toErrorResponse();
        assertThat(wrong.getErrorObject()).isEqualTo(OAuth2Error.INVALID_GRANT);
        assertThat(wrong.getErrorObject().getHTTPStatusCode()).isEqualTo(400);
        assertThat(token(new AuthorizationCodeGrant(code, CALLBACK, verifier)).indicatesSuccess()).isTrue();

        ClientSecretBasic stranger = new ClientSecretBasic(client.getClientID(), new Secret("wrong"));
        HTTPResponse refused = new TokenRequest.Builder(metadata.getTokenEndpointURI(), stranger,
            new RefreshTokenGrant(new RefreshToken("ghr_x"))).build().toHTTPRequest().send();
        assertThat(TokenResponse.parse(refused).toErrorResponse().getErrorObject()).isEqualTo(OAuth2Error.INVALID_CLIENT);
        assertThat(refused.getStatusCode()).isEqualTo(401);
        assertThat(refused.getHeaderValue("WWW-Authenticate")).startsWith("Basic");
    }

    private AuthorizationCode code(CodeVerifier verifier) throws ParseException {
        State state = new State();
        AuthorizationRequest request = new AuthorizationRequest.Builder(ResponseType.CODE, client.getClientID())
            .endpointURI(metadata.getAuthorizationEndpointURI()).redirectionURI(CALLBACK).scope(new Scope("mcp:read"))
            .state(state).codeChallenge(verifier, CodeChallengeMethod.S256).resource(URI.create(gatehouse.mcp())).build();
        AuthorizationResponse answer = AuthorizationResponse.parse(gatehouse.journey().allow(request.toURI().toString()));
        assertThat(answer.getState()).isEqualTo(state);
        assertThat(answer.getIssuer()).isEqualTo(metadata.getIssuer());
        return answer.toSuccessResponse().getAuthorizationCode();
    }

    private TokenResponse token(com.nimbusds.oauth2.sdk.AuthorizationGrant grant) throws ParseException, IOException {
        return TokenResponse.parse(new TokenRequest.Builder(metadata.getTokenEndpointURI(), client, grant)
            .resources(URI.create(gatehouse.mcp())).build().toHTTPRequest().send());
    }

    private TokenIntrospectionSuccessResponse introspect(AccessToken token) throws ParseException, IOException {
        return TokenIntrospectionResponse.parse(new TokenIntrospectionRequest(metadata.getIntrospectionEndpointURI(), resourceServer,
            new BearerAccessToken(token.getValue())).toHTTPRequest().send()).toSuccessResponse();
    }
}
