package dev.gatehouse.authz.scope;

import static dev.gatehouse.authz.support.Issues.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.scope.CurrentAllowance.Granted;
import dev.gatehouse.authz.scope.CurrentAllowance.Share;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.util.List;

/** The share of a grant that one token gets, as a table. {@link CurrentAllowanceTest} has the same over HTTP. */
class GrantedShareTest {

    private static final String READ_ONLY = "https://mcp.example";
    private static final String USERINFO = "http://localhost:9000/oauth/userinfo";
    private static final JsonObject CONFIGURATION = new JsonObject().put("resources", new JsonArray()
        .add(new JsonObject().put("resource", READ_ONLY).put("scopes", new JsonArray().add("mcp:read"))));
    private static final Client CLIENT = Clients.publicClient("app");
    private static final Granted BOTH = new Granted(Scopes.of("mcp:read", "mcp:write"), List.of(RESOURCE, READ_ONLY));

    private final CurrentAllowance allowance = Issues.allowance(CONFIGURATION, CLIENT);

    @Test
    void shareHasTheScopesThatMeanSomethingAtTheNamedResources() {
        assertThat(allowance.share(BOTH, Scopes.NONE, List.of(), false)).isEqualTo(new Share(BOTH.scopes(), BOTH.resources()));
        assertThat(allowance.share(BOTH, Scopes.NONE, List.of(READ_ONLY), false)).isEqualTo(new Share(Scopes.of("mcp:read"), List.of(READ_ONLY)));
        assertThat(allowance.share(BOTH, Scopes.of("mcp:write"), List.of(RESOURCE), false))
            .isEqualTo(new Share(Scopes.of("mcp:write"), List.of(RESOURCE)));
    }

    @Test
    void slashAtTheEndOfANamedResourceDoesNotCount() {
        assertThat(allowance.covers(BOTH, List.of(RESOURCE + "/"))).isTrue();
        assertThat(allowance.share(BOTH, Scopes.NONE, List.of(RESOURCE + "/"), false).audience()).containsExactly(RESOURCE);
        assertThat(BOTH.covers(List.of(RESOURCE + "/"))).isTrue();
        assertThat(BOTH.covers(List.of(RESOURCE + "/other"))).isFalse();
    }

    @Test
    void resourceBeyondTheGrantOrWithoutAScopeIsNotCovered() {
        assertThat(allowance.covers(BOTH, List.of())).isTrue();
        assertThat(allowance.covers(BOTH, List.of("http://localhost:8002/mcp"))).isFalse();
        assertThat(allowance.covers(new Granted(Scopes.of("mcp:write"), BOTH.resources()), List.of(READ_ONLY))).isFalse();
        assertThat(allowance.allows(BOTH, Scopes.of("mcp:write"), List.of(READ_ONLY))).isFalse();
        assertThat(allowance.allows(BOTH, Scopes.of("mcp:write"), List.of(RESOURCE))).isTrue();
    }

    @Test
    void policyOfTheClientNarrowsEarlierGrants() {
        CurrentAllowance confined = Issues.allowance(CONFIGURATION,
            CLIENT.withPolicy(ClientPolicy.of(new JsonObject().put("resources", new JsonArray().add(READ_ONLY)))));
        assertThat(confined.covers(BOTH, List.of(RESOURCE))).isFalse();
        assertThat(confined.share(BOTH, Scopes.NONE, List.of(), false)).isEqualTo(new Share(Scopes.of("mcp:read"), List.of(READ_ONLY)));
    }

    @Test
    void bearerTokenIsForUserinfoOrForResourcesAndABoundOneForBoth() {
        Client client = Clients.withGrants("service", "s3cret", "authorization_code");
        CurrentAllowance identity = Issues.allowance(CONFIGURATION, client);
        Granted granted = new Granted(Scopes.of("openid", "mcp:read"), List.of(RESOURCE));
        assertThat(identity.share(granted, Scopes.NONE, List.of(), false).audience()).containsExactly(RESOURCE);
        assertThat(identity.share(granted, Scopes.NONE, List.of(USERINFO), false)).isEqualTo(new Share(Scopes.of("openid"), List.of(USERINFO)));
        assertThat(identity.share(granted, Scopes.NONE, List.of(), true).audience()).containsExactly(RESOURCE, USERINFO);
        assertThat(identity.share(new Granted(Scopes.of("openid"), List.of(RESOURCE)), Scopes.NONE, List.of(), false).audience())
            .containsExactly(USERINFO);
    }
}
