package dev.gatehouse.authz.assertion;

import com.github.benmanes.caffeine.cache.Cache;
import dev.gatehouse.shared.cache.Caches;
import dev.gatehouse.shared.jose.KeySource;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.oauth.Loopback;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Those whose assertions are taken: the configured ones and, where that is allowed, any on this machine. Never this server
 * itself: what it says of a person to others must not widen what it gives out (draft-ietf-oauth-identity-assertion-authz-grant,
 * Cross-Domain Use).
 */
public final class TrustedIssuers {

    private static final int MOST_ON_THIS_MACHINE = 100;

    private final String self;
    private final boolean anyLoopback;
    private final Function<TrustedIssuerOptions, KeySource> keys;
    private final Map<String, TrustedIssuer> configured = new LinkedHashMap<>();
    private final Cache<String, TrustedIssuer> onThisMachine = Caches.builder().maximumSize(MOST_ON_THIS_MACHINE).build();

    /**
     * @param self this server's issuer identifier
     * @param keys where the keys of one come from
     */
    public TrustedIssuers(AssertionOptions options, String self, Function<TrustedIssuerOptions, KeySource> keys) {
        this.self = self;
        this.anyLoopback = options.anyLoopbackIssuer();
        this.keys = keys;
        options.trustedIssuers().forEach(each -> configured.put(each.issuer(), TrustedIssuer.of(each, keys.apply(each), true)));
    }

    /** The issuer of this name, compared byte by byte; empty for one that is not trusted. */
    Optional<TrustedIssuer> find(String issuer) {
        if (issuer.equals(self)) {
            return Optional.empty();
        }
        TrustedIssuer found = configured.get(issuer);
        return found == null && anyLoopback && Loopback.isLoopbackUrl(issuer)
            ? Optional.of(onThisMachine.get(issuer, this::loopback)) : Optional.ofNullable(found);
    }

    private TrustedIssuer loopback(String issuer) {
        TrustedIssuerOptions options = TrustedIssuerOptions.loopback(issuer);
        return TrustedIssuer.of(options, keys.apply(options), false);
    }

    /**
     * An issuer whose assertions are accepted.
     *
     * @param algorithms those it may sign by
     * @param known whether the configuration names it; false for one that merely is on this machine
     */
    record TrustedIssuer(TrustedIssuerOptions options, KeySource keys, Set<SigningAlgorithm> algorithms, boolean known) {

        /** @throws IllegalArgumentException where an algorithm is none that is used */
        static TrustedIssuer of(TrustedIssuerOptions options, KeySource keys, boolean known) {
            Set<SigningAlgorithm> algorithms = options.algorithms().isEmpty() ? SigningAlgorithm.all()
                : Set.copyOf(options.algorithms().stream().map(TrustedIssuer::algorithm).toList());
            return new TrustedIssuer(options, keys, algorithms, known);
        }

        private static SigningAlgorithm algorithm(String name) {
            return SigningAlgorithm.named(name).orElseThrow(() -> new IllegalArgumentException("There is no algorithm " + name));
        }
    }
}
