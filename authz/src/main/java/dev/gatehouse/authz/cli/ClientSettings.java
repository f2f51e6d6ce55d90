package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientStatement.require;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientPolicy;
import dev.gatehouse.authz.store.ClientPolicy.Consent;
import dev.gatehouse.authz.store.TokenFormat;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.Locale;

/** What an operator decides for one client. What is not named stays as it is. */
final class ClientSettings {

    @Option(names = "--consent", paramLabel = "RULE", description = "When its users are asked: default, always, or never for an application of your own.")
    private String consent;

    @Option(names = "--resource", paramLabel = "RESOURCE", description = "A resource that it may get tokens for; may be repeated; any for every one.")
    private List<String> resources;

    @Option(names = "--access-token-seconds", paramLabel = "N", description = "How long its access tokens live; 0 for the server's own.")
    private Long accessSeconds;

    @Option(names = "--refresh-idle-seconds", paramLabel = "N", description = "How long its refresh tokens may lie unused; 0 for the server's own.")
    private Long idleSeconds;

    @Option(names = "--refresh-absolute-seconds", paramLabel = "N", description = "How long what it was allowed lasts, however often it is refreshed; 0 for the server's own.")
    private Long absoluteSeconds;

    @Option(names = "--token-format", paramLabel = "FORMAT", description = "opaque or jwt whatever a resource takes, or default for the resource's.")
    private String tokenFormat;

    @Option(names = "--require-par", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
        description = "Whether its authorization requests have to be pushed (RFC 9126).")
    private Boolean requirePushedRequests;

    @Option(names = "--require-dpop", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
        description = "Whether its tokens have to be bound to a key (RFC 9449).")
    private Boolean requireDpop;

    @Option(names = "--post-logout-redirect-uri", paramLabel = "URI", description = "Where a browser may come back to after logout; may be repeated; none for nowhere.")
    private List<String> postLogoutRedirectUris;

    @Mixin
    private ClientKeys keys;

    /** Says what clients can say themselves. */
    void describe(ClientStatement statement) {
        if (postLogoutRedirectUris != null) {
            statement.say("post_logout_redirect_uris", postLogoutRedirectUris.equals(List.of("none")) ? List.of() : postLogoutRedirectUris);
        }
        keys.describe(statement);
    }

    /** The client under what is decided for it. @throws StartupException that says what is wrong */
    Client govern(Client client) {
        Client changed = client.withPolicy(policy(client.policy()));
        require(changed.policy().consent() != Consent.NEVER || consent == null || changed.isVouchedFor(),
            "--consent never is for clients that you have added yourself: " + changed.id() + " may say something else of itself tomorrow.");
        require(changed.policy().consent() != Consent.NEVER || !changed.isPublic()
                || changed.redirectUris().stream().allMatch(uri -> uri.startsWith("https://")),
            "--consent never is for applications that nobody else can pose as: confidential ones, or with https redirect URIs only.");
        return changed;
    }

    private ClientPolicy policy(ClientPolicy before) {
        return new ClientPolicy(consent == null ? before.consent() : consent(), resources == null ? before.resources() : resources(),
            seconds(accessSeconds, before.accessTokenSeconds()), seconds(idleSeconds, before.refreshTokenIdleSeconds()),
            seconds(absoluteSeconds, before.refreshTokenAbsoluteSeconds()),
            requirePushedRequests == null ? before.requirePushedRequests() : requirePushedRequests,
            requireDpop == null ? before.requireDpop() : requireDpop, tokenFormat == null ? before.tokenFormat() : format(), before.grantTypes(), before.scopes());
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
