package dev.gatehouse.authz;

import dev.gatehouse.authz.admin.Actors;
import dev.gatehouse.authz.admin.AdminEndpoint;
import dev.gatehouse.authz.admin.AdminOptions;
import dev.gatehouse.authz.admin.Administration;
import dev.gatehouse.authz.admin.Applications;
import dev.gatehouse.authz.admin.Contract;
import dev.gatehouse.authz.admin.GrantListStore;
import dev.gatehouse.authz.admin.IdempotencyStore;
import dev.gatehouse.authz.admin.PendingChangeStore;
import dev.gatehouse.authz.admin.People;
import dev.gatehouse.authz.admin.PeopleStore;
import dev.gatehouse.authz.admin.PolicyFiles;
import dev.gatehouse.authz.admin.PolicyVersionStore;
import dev.gatehouse.authz.admin.ServerState;
import dev.gatehouse.authz.audit.AuditChain;
import dev.gatehouse.authz.audit.AuditStore;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.document.DocumentReader;
import dev.gatehouse.authz.client.document.DocumentStore;
import dev.gatehouse.authz.console.ConsoleEndpoint;
import dev.gatehouse.authz.console.ConsoleSignIn;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.key.SigningKeyStore;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.session.AuthenticationStore;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.PresentedTokens;
import dev.gatehouse.authz.token.TokenPresentation;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Assembles the administration. */
final class AdminRoutes {

    private final Administration administration;
    private final Actors actors;
    private final TokenPresentation presentation;
    private final Contract contract;
    private final IdempotencyStore idempotency;
    private final RateLimiter limiter;
    private final ClientAddress addresses;
    private final Issuer issuer;
    private final ClientStore clients;
    private final AccessTokenStore tokens;
    private final Grant codes;
    private final Clock clock;

    /** @param codes the grant of the codes of the console */
    AdminRoutes(Vertx vertx, AuthzOptions options, AuthzParts parts, PresentedTokens presented, TokenPresentation presentation, Grant codes, Clock clock) {
        this.clock = clock;
        this.presentation = presentation;
        addresses = parts.addresses;
        issuer = options.issuer();
        clients = parts.clients;
        tokens = parts.accessTokens;
        this.codes = codes;
        RoleStore roles = new RoleStore(parts.database);
        Set<String> schemes = Set.copyOf(options.registration().redirectSchemes());
        People people = new People(vertx, new PeopleStore(parts.database), parts.users, new ExternalIdentityStore(parts.database), new GroupStore(parts.database),
            new LoginFailureStore(parts.database), parts.passwords, parts.notices(options.issuer()), clock);
        Applications applications = new Applications(parts.clients, new DocumentStore(parts.database),
            new DocumentReader(parts.fetcher, options.documentRules(), options.registration().documents(), clock),
            (grants, scopes) -> RegistrationRules.ofOperator(grants, scopes, options.fetching().loopback(), schemes), options.scopeNames(), clock);
        ServerState state = new ServerState(new GrantListStore(parts.database), new SigningKeyStore(parts.database), parts.signingKeys,
            new AuditStore(parts.database, new AuditChain(parts.key)), people, applications, options.shownScopes(), resources(options), clock);
        administration = new Administration(people, applications, state, new PolicyFiles(vertx, options.admin().policies(), parts.files, new PolicyVersionStore(parts.database), clock),
            new PendingChangeStore(parts.database), roles, options.admin().fourEyes(), parts::forget, parts::flushAudit, clock);
        actors = new Actors(presented, new AuthenticationStore(parts.database), roles, options.issuer().url(AdminOptions.PATH));
        contract = new Contract();
        idempotency = new IdempotencyStore(parts.database, parts.key.sealer("idempotent responses"));
        limiter = new RateLimiter(options.rateLimits().tokenPerMinute(), clock);
    }

    private static List<JsonObject> resources(AuthzOptions options) {
        List<JsonObject> resources = new ArrayList<>();
        resources.add(new JsonObject().put("resource", options.defaultResource().value()).put("name", null).put("scopes", new JsonArray()));
        options.resources().forEach(each -> resources.add(new JsonObject().put("resource", each.resource().value()).put("name", each.name())
            .put("scopes", new JsonArray(each.scopes()))));
        return resources;
    }

    /** Creates the console. */
    ConsoleEndpoint console(Pages pages) {
        BrowserCookies cookies = new BrowserCookies(issuer);
        return new ConsoleEndpoint(administration, actors, contract, new ConsoleSignIn(clients, codes, tokens, cookies, issuer, clock), new FormGuard(issuer), cookies, pages,
            addresses, issuer.basePath(), clock);
    }

    Endpoint api() {
        return new AdminEndpoint(administration, presentation, actors, contract, idempotency, limiter, clock);
    }
}
