package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionReader.Assertion;
import dev.gatehouse.authz.assertion.AssertionStore.Status;
import dev.gatehouse.authz.assertion.Entitlements.Entitlement;
import dev.gatehouse.authz.client.document.DocumentClients;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;

/**
 * Exchanges a trusted issuer's JWT for an access token (RFC 7523 §2.1). The JWT is about the client's own software, or about its user
 * (ID-JAG). No refresh token: the issuer can make another JWT.
 */
public final class JwtBearerGrant implements Grant {

    private static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

    private final TokenIssuer issuer;
    private final AssertionReader reader;
    private final Entitlements entitlements;
    private final Narrowing narrowing;
    private final DocumentClients clients;
    private final AssertionStore tokens;
    private final AssertionOptions options;

    public JwtBearerGrant(TokenIssuer issuer, AssertionReader reader, Entitlements entitlements, Narrowing narrowing,
                          DocumentClients clients, AssertionStore tokens, AssertionOptions options) {
        this.issuer = issuer;
        this.reader = reader;
        this.entitlements = entitlements;
        this.narrowing = narrowing;
        this.clients = clients;
        this.tokens = tokens;
        this.options = options;
    }

    @Override
    public GrantType type() {
        return GrantType.JWT_BEARER;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("assertion", "scope");
    }

    /** Returns true if any issuer allows it. {@link Entitlements} refuses them for the other issuers. */
    @Override
    public boolean allowsPublicClients() {
        return options.trustedIssuers().stream().anyMatch(TrustedIssuerOptions::publicClients);
    }

    @Override
    public void describe(JsonObject metadata) {
        if (options.acceptsIdentities()) {
            metadata.put("authorization_grant_profiles_supported", new JsonArray().add(ID_JAG_PROFILE));
        }
    }

    /** The statement of a trusted issuer takes the place of consent. */
    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        return Future.succeededFuture(request).compose(asked -> reader.read(asked.parameters().required("assertion")))
            .compose(assertion -> {
                AssertedToken asserted = asserted(request, assertion);
                return clients.keep(request.client()).compose(kept -> tokens.issue(asserted))
                    .compose(outcome -> outcome.status() == Status.ISSUED
                        ? issuer.answer(request, asserted.issue(), outcome.token(), "assertion_issuer", asserted.issuer())
                        : Future.failedFuture(refusal(request, asserted, outcome.status())));
            });
    }

    private AssertedToken asserted(TokenRequest request, Assertion assertion) {
        Entitlement entitlement = entitlements.of(assertion, request.client(), request.confirmation());
        List<String> targets = narrowing.resources(request.parameters().all("resource"), request.client(), entitlement);
        Long seconds = assertion.issuer().accessTokenSeconds();
        IssueRequest issue = issuer.prepareAccess(request).withAccessMillisAtMost(seconds == null ? Long.MAX_VALUE : seconds * 1000);
        return new AssertedToken(entitlement.use(), entitlement.subject(), assertion.issuer().issuer(), request.client().id(),
            TokenIssuer.newGrantId(),
            narrowing.scopes(request.parameters().single("scope"), request.client(), targets, entitlement), targets, issue);
    }

    private static OAuthException refusal(TokenRequest request, AssertedToken asserted, Status status) {
        request.origin().record("assertion_refused", "client_id", request.client().id(), "assertion_issuer", asserted.issuer(),
            "reason", status);
        return status != Status.NO_CLIENT ? AssertionReader.refused(status.name())
            : new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed", "the client was deleted meanwhile");
    }
}
