package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOutcome.Status;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ConsentedClients;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.scope.CurrentAllowance;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.TokenKind;
import dev.gatehouse.authz.token.TokenOptions;
import dev.gatehouse.authz.token.TokenRequest;
import dev.gatehouse.authz.token.TokenResponse;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Set;

/**
 * A token for what somebody trusted says (RFC 7523 §2.1): of the software that asks, or of the person who uses it (ID-JAG).
 * Never with a refresh token: whoever says it can say it again, or not.
 */
public final class JwtBearerGrant implements Grant {

    private static final String ID_JAG_PROFILE = "urn:ietf:params:oauth:grant-profile:id-jag";

    private final AssertionReader reader;
    private final Entitlements entitlements;
    private final Narrowing narrowing;
    private final ConsentedClients clients;
    private final AssertionStore tokens;
    private final AssertionOptions options;
    private final TokenOptions lifetimes;
    private final Clock clock;

    public JwtBearerGrant(AssertionReader reader, Entitlements entitlements, Narrowing narrowing, ConsentedClients clients,
                          AssertionStore tokens, AssertionOptions options, TokenOptions lifetimes, Clock clock) {
        this.reader = reader;
        this.entitlements = entitlements;
        this.narrowing = narrowing;
        this.clients = clients;
        this.tokens = tokens;
        this.options = options;
        this.lifetimes = lifetimes;
        this.clock = clock;
    }

    @Override
    public GrantType type() {
        return GrantType.JWT_BEARER;
    }

    @Override
    public Set<String> parameters() {
        return Set.of("assertion", "scope");
    }

    /** Where one issuer allows it; of the others {@link Entitlements} refuses them. */
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

    @Override
    public Future<TokenResponse> handle(TokenRequest request) {
        String text = TokenKind.ACCESS.generate();
        return Future.succeededFuture(request)
            .compose(asked -> reader.read(asked.parameters().required("assertion")))
            .compose(assertion -> issue(request, asserted(request, assertion, SecretToken.hash(text))).map(outcome -> {
                audit(request, assertion, outcome);
                requireIssued(outcome);
                return new TokenResponse(text, null, outcome.token());
            }));
    }

    /** The word of a trusted issuer is what consent is elsewhere. */
    private Future<AssertionOutcome> issue(TokenRequest request, AssertedToken asserted) {
        return clients.keep(request.client()).compose(kept -> tokens.issue(asserted));
    }

    private AssertedToken asserted(TokenRequest request, Assertion assertion, String accessHash) {
        Entitlement entitlement = entitlements.of(assertion, request.client(), request.confirmation());
        List<String> targets = narrowing.resources(request.parameters().all("resource"), request.client(), entitlement);
        TrustedIssuerOptions issuer = assertion.issuer();
        return new AssertedToken(entitlement.use(), entitlement.subject(), issuer.issuer(), request.client().id(),
            SecretToken.generate("gnt_"),
            narrowing.scopes(request.parameters().single("scope"), request.client(), targets, entitlement), targets,
            new IssueRequest(accessHash, null, clock.millis(), seconds(issuer, request.client().policy()) * 1000, 0, request.confirmation(), false,
                CurrentAllowance.NONE));
    }

    /** The shorter of what the issuer's entry says and what the client's policy and the server do. */
    private long seconds(TrustedIssuerOptions issuer, ClientPolicy policy) {
        long usual = lifetimes.governedBy(policy).accessTokenSeconds();
        return issuer.accessTokenSeconds() == null ? usual : Math.min(issuer.accessTokenSeconds(), usual);
    }

    private void audit(TokenRequest request, Assertion assertion, AssertionOutcome outcome) {
        String clientId = request.client().id();
        String issuer = assertion.issuer().issuer();
        if (outcome.status() == Status.ISSUED) {
            request.origin().record("token_issued", "grant_type", type().wireName(), "client_id", clientId, "sub", outcome.token().sub(),
                "grant_id", outcome.token().grantId(), "scope", outcome.token().scopes(), "assertion_issuer", issuer);
        } else {
            request.origin().record("assertion_refused", "client_id", clientId, "assertion_issuer", issuer, "reason", outcome.status());
        }
    }

    private static void requireIssued(AssertionOutcome outcome) {
        switch (outcome.status()) {
            case ISSUED -> { }
            case NO_CLIENT -> throw new OAuthException(OAuthErrorCode.INVALID_CLIENT, "Client authentication failed",
                "the client was deleted meanwhile");
            default -> throw AssertionReader.refused(outcome.status().name());
        }
    }
}
