package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminOptions;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.PagePaths;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.authz.token.AccessTokenStore;
import dev.gatehouse.authz.token.Grant;
import dev.gatehouse.authz.token.Grant.TokenRequest;
import dev.gatehouse.shared.audit.AuditLog.RequestOrigin;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.oauth.CodeChallenge;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The sign-in of the console: an authorization code flow at this server's own authorization endpoint, with a fresh login. The console is a
 * confidential client without a secret, so that only this server redeems its codes.
 */
public final class ConsoleSignIn {

    private static final String SESSION = "console";
    private static final String STARTED = "console-login";
    private static final long SESSION_SECONDS = 3_600;
    private static final long LOGIN_SECONDS = 600;
    private static final int LONGEST_PLACE = 1_500;
    private static final String SCOPE = "admin:read admin:write";

    private final ClientStore clients;
    private final Grant codes;
    private final AccessTokenStore tokens;
    private final BrowserCookies cookies;
    private final Issuer issuer;
    private final Clock clock;

    /** @param codes the grant of authorization codes */
    public ConsoleSignIn(ClientStore clients, Grant codes, AccessTokenStore tokens, BrowserCookies cookies, Issuer issuer, Clock clock) {
        this.clients = clients;
        this.codes = codes;
        this.tokens = tokens;
        this.cookies = cookies;
        this.issuer = issuer;
        this.clock = clock;
    }

    private static String callback(Issuer issuer) {
        return issuer.url(ConsoleEndpoint.PATH + "/callback");
    }

    /** Registers the client of the console, or updates it after a change of the issuer. */
    public static Future<Void> register(ClientStore clients, Issuer issuer, Clock clock) {
        ClientPolicy policy = new ClientPolicy(ClientPolicy.Consent.NEVER, List.of(issuer.url(AdminOptions.PATH)), SESSION_SECONDS, null, SESSION_SECONDS, false, false, null,
            ClientPolicy.Pkce.REQUIRED, false, false, null, null);
        Client wanted = new Client(AdminOptions.CONSOLE_CLIENT, "Gatehouse console", List.of(), Set.of(ClientAuthMethod.CLIENT_SECRET_BASIC), List.of(callback(issuer)),
            Set.of(GrantType.AUTHORIZATION_CODE.wireName()), Scopes.parse(SCOPE), List.of(), clock.millis()).withPolicy(policy);
        return clients.find(wanted.id()).compose(found -> found.isEmpty() ? clients.add(wanted)
            : found.get().redirectUris().equals(wanted.redirectUris()) ? Future.succeededFuture(true) : clients.update(wanted, clock.millis())).mapEmpty();
    }

    /** The token of the session, or null. */
    String token(RoutingContext context) {
        return cookies.named(context, SESSION);
    }

    /** Sends the browser to the login. @param place the path to which it returns */
    Future<Void> start(RoutingContext context, String place) {
        String state = SecretToken.generate("");
        String verifier = SecretToken.generate("");
        cookies.browserOrNew(context);
        String kept = place.length() > LONGEST_PLACE ? issuer.basePath() + ConsoleEndpoint.PATH : place;
        cookies.setNamed(context, STARTED, String.join(".", state, verifier, SecretToken.encode(kept.getBytes(StandardCharsets.UTF_8))), LOGIN_SECONDS);
        Map<String, String> request = new LinkedHashMap<>();
        request.put("response_type", "code");
        request.put("client_id", AdminOptions.CONSOLE_CLIENT);
        request.put("redirect_uri", callback(issuer));
        request.put("scope", SCOPE);
        request.put("resource", issuer.url(AdminOptions.PATH));
        request.put("state", state);
        request.put("code_challenge", CodeChallenge.s256(verifier));
        request.put("code_challenge_method", "S256");
        request.put("prompt", "login");
        return Pages.redirect(context, FormParameters.addTo(issuer.basePath() + PagePaths.AUTHORIZE, request));
    }

    /** Redeems the code of the response and opens the session. */
    Future<Void> finish(RoutingContext context, RequestOrigin origin) {
        FormParameters response = FormParameters.parse(context.request().query());
        String started = cookies.named(context, STARTED);
        String[] parts = started == null ? new String[0] : started.split("\\.");
        if (parts.length != 3 || response.single("state") == null || !SecretToken.constantTimeEquals(parts[0], response.single("state"))) {
            return Future.failedFuture(PageException.otherBrowser());
        }
        cookies.dropNamed(context, STARTED);
        if (response.single("code") == null) {
            return Future.failedFuture(PageException.of(403, "You have no access to the console", "Your account has no administrative role. Ask an owner of this server for one."));
        }
        FormParameters redemption = FormParameters.parse(FormParameters.encode(Map.of("grant_type", "authorization_code", "code", response.single("code"),
            "redirect_uri", callback(issuer), "code_verifier", parts[1])));
        return clients.find(AdminOptions.CONSOLE_CLIENT).map(Optional::orElseThrow)
            .compose(client -> codes.handle(new TokenRequest(client, redemption, origin, null)))
            .compose(tokens -> {
                cookies.setNamed(context, SESSION, tokens.toJson().getString("access_token"), SESSION_SECONDS);
                return Pages.redirect(context, new String(Base64.getUrlDecoder().decode(parts[2]), StandardCharsets.UTF_8));
            });
    }

    /** Ends the session and its token. */
    Future<Void> end(RoutingContext context, Actor actor) {
        String token = token(context);
        cookies.dropNamed(context, SESSION);
        return tokens.revoke(SecretToken.hash(token), actor.clientId(), clock.millis()).compose(revoked -> Pages.redirect(context, issuer.basePath() + "/"));
    }
}
