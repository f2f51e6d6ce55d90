package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.assertion.AssertionOptions.AudienceOptions;
import dev.gatehouse.shared.oauth.Loopback;

import java.net.URI;
import java.util.Optional;

/** The authorization servers for which identity assertions are made. Never this one. */
public final class Audiences {

    private final AssertionOptions options;
    private final String self;

    /** @param self this server's issuer identifier */
    public Audiences(AssertionOptions options, String self) {
        this.options = options;
        this.self = self;
    }

    /**
     * The server that a client means. MCP clients name it by a URL of theirs, which may have a final slash that its issuer
     * identifier lacks, or lack one that it has; what the assertion names is the identifier itself.
     *
     * @return empty for one that is not configured
     */
    public Optional<AudienceOptions> find(String named) {
        String other = named.endsWith("/") ? named.substring(0, named.length() - 1) : named + "/";
        if (named.equals(self) || other.equals(self)) {
            return Optional.empty();
        }
        return configured(named).or(() -> configured(other)).or(() -> onThisMachine(named));
    }

    private Optional<AudienceOptions> configured(String issuer) {
        return options.audiences().stream().filter(each -> each.issuer().equals(issuer)).findFirst();
    }

    private Optional<AudienceOptions> onThisMachine(String named) {
        if (!options.anyLoopbackAudience() || !Loopback.isLoopbackUrl(named)) {
            return Optional.empty();
        }
        boolean onlySlash = "/".equals(URI.create(named).getRawPath());
        return Optional.of(AudienceOptions.loopback(onlySlash ? named.substring(0, named.length() - 1) : named));
    }
}
