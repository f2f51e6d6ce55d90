package dev.gatehouse.authz.assertion;

import dev.gatehouse.authz.options.AssertionOptions;
import dev.gatehouse.authz.options.AudienceOptions;
import dev.gatehouse.shared.oauth.Loopback;

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

    /** The server with this issuer identifier, compared byte by byte; empty for one that is not configured. */
    public Optional<AudienceOptions> find(String issuer) {
        if (issuer.equals(self)) {
            return Optional.empty();
        }
        return options.audiences().stream().filter(each -> each.issuer().equals(issuer)).findFirst()
            .or(() -> options.anyLoopbackAudience() && Loopback.isLoopbackUrl(issuer)
                ? Optional.of(AudienceOptions.loopback(issuer)) : Optional.empty());
    }
}
