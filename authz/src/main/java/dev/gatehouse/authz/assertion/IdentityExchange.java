package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.authz.consent.ApprovalStore.Approval;
import dev.gatehouse.authz.scope.PersonScopes;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * An identity assertion (ID-JAG) for another authorization server that trusts this one, for a token of a person's login here
 * (draft-ietf-oauth-identity-assertion-authz-grant §4.3; the enterprise's side of MCP's enterprise-managed authorization).
 */
public final class IdentityExchange implements ExchangeKind {

    private static final String ID_JAG = "urn:ietf:params:oauth:token-type:id-jag";

    private final Audiences audiences;
    private final SubjectTokens subjects;
    private final IdentityClaims claims;
    private final PersonScopes permitted;
    private final JwtSigner signer;

    public IdentityExchange(Audiences audiences, SubjectTokens subjects, IdentityClaims claims, PersonScopes permitted, JwtSigner signer) {
        this.audiences = audiences;
        this.subjects = subjects;
        this.claims = claims;
        this.permitted = permitted;
        this.signer = signer;
    }

    @Override
    public String tokenType() {
        return ID_JAG;
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("identity_chaining_requested_token_types_supported", new JsonArray().add(ID_JAG));
    }

    @Override
    public Future<TokenResponse> exchange(TokenRequest request) {
        FormParameters parameters = request.parameters();
        String subjectToken = parameters.required("subject_token");
        String subjectType = parameters.required("subject_token_type");
        AudienceOptions audience = requireAudience(parameters);
        String clientId = requireClient(audience, request.client().id());
        List<String> resources = IdentityClaims.resources(ResourceId.requireFew(parameters.all("resource")), audience);
        Scopes scopes = IdentityClaims.scopes(Scopes.parse(parameters.single("scope")), audience);
        return subjects.read(subjectToken, subjectType, request.client().id(), request.confirmation())
            .compose(approval -> permitted.elsewhere(approval.sub(), request.client(), scopes, resources)
                .compose(given -> signer.sign(AssertionReader.ID_JAG, claims.of(approval, audience, clientId, resources, given, request.confirmation()))
                    .map(assertion -> response(request, approval, audience, given, assertion))));
    }

    private AudienceOptions requireAudience(FormParameters parameters) {
        return audiences.find(parameters.required("audience")).orElseThrow(() -> new OAuthException(OAuthErrorCode.INVALID_TARGET,
            "Identity assertions are not made for this audience"));
    }

    private static String requireClient(AudienceOptions audience, String clientId) {
        String there = audience.clients().isEmpty() ? clientId : audience.clients().get(clientId);
        if (there == null) {
            throw new OAuthException(OAuthErrorCode.INVALID_TARGET, "This client may not ask for this audience");
        }
        return there;
    }

    private static TokenResponse response(TokenRequest request, Approval approval, AudienceOptions audience, Scopes scopes,
                                          String assertion) {
        request.origin().record("identity_assertion_issued", "client_id", request.client().id(), "sub", approval.sub(),
            "audience", audience.issuer(), "scope", scopes);
        JsonObject members = new JsonObject().put("access_token", assertion).put("issued_token_type", ID_JAG).put("token_type", "N_A")
            .put("expires_in", audience.lifetimeSeconds());
        return TokenResponse.ofNoAccess(scopes.isEmpty() ? members : members.put("scope", scopes.toString()));
    }
}
