package dev.gatehouse.authz.support;

import dev.gatehouse.authz.AuthzOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.scope.CurrentAllowance;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.token.AccessToken.Confirmation;
import dev.gatehouse.authz.token.GrantStore.StoredGrant;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.token.IssueRequest.NewToken;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;

import java.util.List;

/** Grants and issue requests for tests of pure rules. */
public final class Issues {

    public static final String RESOURCE = "http://localhost:8001/mcp";
    public static final long NOW = 1_000_000_000;
    public static final long ACCESS_MILLIS = 3_600_000;
    public static final long GRANT_EXPIRES_AT = NOW + 10 * ACCESS_MILLIS;

    private Issues() {
    }

    /** The scopes and resources that a client may have with this configuration. */
    public static CurrentAllowance allowance(JsonObject configuration, Client client) {
        AuthzOptions options = AuthzOptions.of(configuration);
        return new ScopePolicy(options.scopeNames(), options.scopeHierarchy(), options.resourcePolicy()).allowanceOf(client);
    }

    /** A request of the client {@code app} at this time. */
    public static IssueRequest at(long now, Confirmation confirmation) {
        return new IssueRequest(NewToken.of("gha_access"), NewToken.of("ghr_refresh"), now, ACCESS_MILLIS, 2 * ACCESS_MILLIS, confirmation, true,
            allowance(new JsonObject(), Clients.publicClient("app")));
    }

    /** A live grant of the client {@code app}. */
    public static StoredGrant grant() {
        return grant(false, false);
    }

    public static StoredGrant grant(boolean revoked, boolean userDisabled) {
        return new StoredGrant("gnt_1", "app", "user", new Granted(Scopes.of("mcp:read", "mcp:write"), List.of(RESOURCE)), NOW - 1_000,
            GRANT_EXPIRES_AT, revoked, userDisabled);
    }
}
