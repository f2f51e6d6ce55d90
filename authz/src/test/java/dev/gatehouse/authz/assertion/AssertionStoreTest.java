package dev.gatehouse.authz.assertion;

import static dev.gatehouse.authz.support.RunningServer.RESOURCE;
import static dev.gatehouse.authz.support.RunningServer.SUB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.authz.assertion.AccountMapping.Rule;
import dev.gatehouse.authz.assertion.AssertedToken.AssertedSubject;
import dev.gatehouse.authz.assertion.AssertionStore.Outcome;
import dev.gatehouse.authz.assertion.AssertionStore.Status;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.Issues;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.token.IssueRequest;
import dev.gatehouse.authz.token.IssueRequest.NewToken;
import dev.gatehouse.authz.token.TokenIssuer;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

class AssertionStoreTest {

    private static final ExternalIdentity STRANGER = new ExternalIdentity("https://i.example", "", "stranger");
    private static RunningServer server;
    private static AssertionStore store;
    private static ExternalIdentityStore identities;

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        server.add(Clients.basicClient("app", "s3cret-s3cret"));
        store = new AssertionStore(server.database());
        identities = new ExternalIdentityStore(server.database());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void clientsOwnTokenHasNoGrant() {
        Outcome outcome = issue(token("app", new AssertedSubject.TheClient(), null));
        assertThat(outcome.status()).isEqualTo(Status.ISSUED);
        assertThat(outcome.token().sub()).isEqualTo("app");
        assertThat(outcome.token().grantId()).isNull();
    }

    @Test
    void usersTokenHasAGrantThatEndsWithIt() {
        Outcome outcome = issue(token("app", new AssertedSubject.LocalUser("alice"), null));
        assertThat(outcome.token().sub()).isEqualTo(SUB);
        assertThat(Waiting.on(server.database().read("SELECT expires_at FROM authorization_grant WHERE grant_id = $1", outcome.token().grantId()))
            .get(0).number("expires_at")).isEqualTo(outcome.token().expiresAt());
    }

    @Test
    void whatIsRefusedChangesNothing() {
        String before = state();
        assertThat(issue(token("gone", new AssertedSubject.TheClient(), "refused")).status()).isEqualTo(Status.NO_CLIENT);
        assertThat(issue(token("app", new AssertedSubject.LocalUser("nobody"), "refused")).status()).isEqualTo(Status.NO_ACCOUNT);
        assertThat(issue(token("app", person(STRANGER, Rule.LINKED, "alice@example.com"), "refused")).status()).isEqualTo(Status.NO_ACCOUNT);
        assertThat(issue(token("app", person(STRANGER, Rule.EMAIL, null), "refused")).status()).isEqualTo(Status.NO_ACCOUNT);
        assertThat(issue(token("app", person(STRANGER, Rule.EMAIL, "nobody@example.com"), "refused")).status()).isEqualTo(Status.NO_ACCOUNT);
        assertThat(state()).isEqualTo(before);
    }

    @Test
    void oneOfManyAtOnceIsIssuedAndOneAccountMade() {
        ExternalIdentity crowd = new ExternalIdentity("https://i.example", "t", "crowd");
        List<Future<Outcome>> all = IntStream.range(0, 50)
            .mapToObj(each -> store.issue(token("app", person(crowd, Rule.CREATED, null), "crowd"))).toList();
        List<Status> statuses = all.stream().map(each -> Waiting.on(each).status()).toList();
        assertThat(statuses).containsOnlyOnce(Status.ISSUED).filteredOn(status -> status == Status.REPLAYED).hasSize(49);
        assertThat(issue(token("app", person(crowd, Rule.LINKED, null), "later")).status()).isEqualTo(Status.ISSUED);
    }

    @Test
    void identityIsLinkedOnceAndAnAccountHasOneOfEachTenant() {
        ExternalIdentity first = new ExternalIdentity("https://j.example", "t", "first");
        assertThat(Waiting.on(identities.link(first, "alice", 0))).isTrue();
        assertThat(Waiting.on(identities.link(first, "alice", 0))).isFalse();
        assertThat(Waiting.on(identities.link(new ExternalIdentity("https://j.example", "t", "second"), "alice", 0))).isFalse();
        assertThat(Waiting.on(identities.link(new ExternalIdentity("https://j.example", "", "first"), "alice", 0))).isTrue();
        assertThat(Waiting.on(identities.link(new ExternalIdentity("https://k.example", "t", "first"), "nobody", 0))).isFalse();
        assertThat(Waiting.on(identities.of("alice"))).contains(first, new ExternalIdentity("https://j.example", "", "first"));
        assertThat(issue(token("app", person(first, Rule.LINKED, null), "first")).token().sub()).isEqualTo(SUB);
        assertThat(Waiting.on(identities.unlink(first))).contains("usr_alice");
        assertThat(Waiting.on(identities.unlink(first))).isEmpty();
        assertThat(issue(token("app", person(first, Rule.LINKED, null), "again")).status()).isEqualTo(Status.NO_ACCOUNT);
    }

    private static AssertedSubject person(ExternalIdentity identity, Rule rule, String email) {
        String sub = User.newSub();
        return new AssertedSubject.Person(identity, rule, email, new User(sub, sub, "$none", email, null, false, 0, null));
    }

    private static AssertedToken token(String client, AssertedSubject subject, String use) {
        return new AssertedToken(use == null ? null : new AssertedToken.Use("test", use, server.clock().millis() + 60_000), subject,
            "https://i.example", client, TokenIssuer.newGrantId(), Scopes.of("mcp:read"), List.of(RESOURCE),
            new IssueRequest(NewToken.of(SecretToken.generate("gha_")), null, server.clock().millis(), 60_000, 0, null, false,
                Issues.allowance(new JsonObject(), Clients.publicClient(client))));
    }

    private static Outcome issue(AssertedToken token) {
        return Waiting.on(store.issue(token));
    }

    private static String state() {
        return List.of("access_token", "authorization_grant", "user_account", "external_identity", "used_identifier").stream()
            .map(table -> table + Waiting.on(server.database().read("SELECT COUNT(*) AS rows_there FROM " + table))
                .get(0).number("rows_there")).toList().toString();
    }
}
