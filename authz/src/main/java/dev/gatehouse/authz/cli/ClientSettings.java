package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientStatement.require;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientPolicy.Consent;
import dev.gatehouse.authz.client.ClientPolicy.Pkce;
import dev.gatehouse.authz.client.ClientPolicy.TokenFormat;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;

/** The options for the operator's decisions for one client. An absent option changes nothing. */
final class ClientSettings {

    @Option(names = "--consent", paramLabel = "RULE", description = "When users see the consent page: default, always, or never (for your own applications).")
    private String consent;

    @Option(names = "--resource", paramLabel = "RESOURCE", description = "Resource that the client may get tokens for; repeatable. any allows all resources.")
    private List<String> resources;

    @Option(names = "--access-token-seconds", paramLabel = "N", description = "Lifetime of the client's access tokens; 0 for the server's default.")
    private Long accessSeconds;

    @Option(names = "--refresh-idle-seconds", paramLabel = "N", description = "Lifetime of an unused refresh token; 0 for the server's default.")
    private Long idleSeconds;

    @Option(names = "--refresh-absolute-seconds", paramLabel = "N", description = "Lifetime of a grant, even if its tokens are refreshed; 0 for the server's default.")
    private Long absoluteSeconds;

    @Option(names = "--token-format", paramLabel = "FORMAT", description = "Format of access tokens: opaque or jwt for all resources, default for the format of each resource.")
    private String tokenFormat;

    @Option(names = "--require-par", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
        description = "Require pushed authorization requests (RFC 9126).")
    private Boolean requirePushedRequests;

    @Option(names = "--require-dpop", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
        description = "Require tokens that are bound to a key (DPoP, RFC 9449).")
    private Boolean requireDpop;

    @Option(names = "--pkce", paramLabel = "RULE", description = "Use of PKCE: required; nonce, if a confidential OpenID client may send"
        + " a nonce instead (RFC 9700 2.1.1); optional, if it may send neither, for clients and test suites that implement OpenID Connect alone.")
    private String pkce;

    @Option(names = "--assertion-audience", paramLabel = "NAME",
        description = "Accepted audience of client assertions: issuer, or token-endpoint, which accepts both (OpenID Connect Core 9).")
    private String assertionAudience;

    @Option(names = "--refresh-rotation", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
        description = "Issue a new refresh token at each use. false applies only to confidential clients and to tokens that are bound to a key"
            + " (FAPI 2.0).")
    private Boolean refreshRotation;

    @Option(names = "--post-logout-redirect-uri", paramLabel = "URI", description = "Redirect URI after logout; repeatable. none removes all.")
    private List<String> postLogoutRedirectUris;

    @Mixin
    private ClientKeyOptions keys;

    /** Adds the metadata that clients can also register themselves. */
    void describe(ClientStatement statement) {
        if (postLogoutRedirectUris != null) {
            statement.say("post_logout_redirect_uris", postLogoutRedirectUris.equals(List.of("none")) ? List.of() : postLogoutRedirectUris);
        }
        keys.describe(statement);
    }

    /** Returns the client with these decisions. @throws StartupException that says what is wrong */
    Client govern(Client client) {
        Client changed = client.withPolicy(policy(client.policy()));
        String problem = changed.problemOfPolicy();
        require(problem == null, problem);
        return changed;
    }

    private ClientPolicy policy(ClientPolicy before) {
        return new ClientPolicy(consent == null ? before.consent() : consent(), resources == null ? before.resources() : resources(),
            seconds(accessSeconds, before.accessTokenSeconds()), seconds(idleSeconds, before.refreshTokenIdleSeconds()),
            seconds(absoluteSeconds, before.refreshTokenAbsoluteSeconds()),
            requirePushedRequests == null ? before.requirePushedRequests() : requirePushedRequests,
            requireDpop == null ? before.requireDpop() : requireDpop, tokenFormat == null ? before.tokenFormat() : format(),
            pkce == null ? before.pkce() : pkce(), assertionAudience == null ? before.endpointAudience() : isEndpointAudience(),
            refreshRotation == null ? before.keepsRefreshToken() : !refreshRotation, before.grantTypes(), before.scopes());
    }

    private Pkce pkce() {
        require(List.of("required", "nonce", "optional").contains(pkce), "--pkce is required, nonce or optional.");
        return Pkce.valueOf(pkce.toUpperCase(Locale.ROOT));
    }

    private boolean isEndpointAudience() {
        require(List.of("issuer", "token-endpoint").contains(assertionAudience), "--assertion-audience is issuer or token-endpoint.");
        return assertionAudience.equals("token-endpoint");
    }

    private Consent consent() {
        require(List.of("default", "always", "never").contains(consent), "--consent is default, always or never.");
        return Consent.valueOf(consent.toUpperCase(Locale.ROOT));
    }

    private static Long seconds(Long chosen, Long before) {
        require(chosen == null || chosen >= 0, "A lifetime is a number of seconds, or 0.");
        return chosen == null ? before : chosen == 0 ? null : chosen;
    }

    private TokenFormat format() {
        require(List.of("opaque", "jwt", "default").contains(tokenFormat), "--token-format is opaque, jwt or default.");
        return tokenFormat.equals("default") ? null : TokenFormat.of(tokenFormat);
    }

    private List<String> resources() {
        if (resources.equals(List.of("any"))) {
            return List.of();
        }
        try {
            return resources.stream().map(text -> ResourceId.parse(text).value()).distinct().toList();
        } catch (OAuthException e) {
            throw new StartupException("--resource: " + e.description() + ". Nothing was changed.");
        }
    }
}
