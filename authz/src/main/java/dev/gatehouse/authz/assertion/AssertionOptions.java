package dev.gatehouse.authz.assertion;

import java.util.List;

/**
 * Assertions of trusted issuers that are exchanged for tokens (RFC 7523 §2.1, ID-JAG), and assertions issued for other servers.
 *
 * @param enabled whether assertions of trusted issuers are accepted
 * @param anyLoopbackIssuer whether identity assertions of any issuer on this machine are accepted, with one account per identity
 * @param anyLoopbackAudience whether identity assertions are issued for any authorization server on this machine
 */
public record AssertionOptions(boolean enabled, boolean anyLoopbackIssuer, List<TrustedIssuerOptions> trustedIssuers,
                               boolean anyLoopbackAudience, List<AudienceOptions> audiences) {

    public AssertionOptions {
        trustedIssuers = List.copyOf(trustedIssuers);
        audiences = List.copyOf(audiences);
    }

    /** Returns true if there is an issuer whose assertions are accepted. */
    public boolean acceptsAny() {
        return enabled && (anyLoopbackIssuer || !trustedIssuers.isEmpty());
    }

    /** Returns true if there is an issuer whose identity assertions are accepted. */
    public boolean acceptsIdentities() {
        return enabled && (anyLoopbackIssuer || trustedIssuers.stream().anyMatch(issuer -> issuer.accounts() != AccountMapping.Rule.NONE));
    }

    /** Returns true if there is a server for which assertions are issued. */
    public boolean makesAny() {
        return anyLoopbackAudience || !audiences.isEmpty();
    }
}
