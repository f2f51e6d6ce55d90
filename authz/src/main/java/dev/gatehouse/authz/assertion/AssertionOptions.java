package dev.gatehouse.authz.assertion;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;

/**
 * Assertions of others that are taken for tokens (RFC 7523 §2.1, ID-JAG), and those that are made for others.
 *
 * @param enabled whether any are taken
 * @param anyLoopbackIssuer whether identity assertions of any issuer on this machine are taken, each identity with an
 *     account of its own
 * @param anyLoopbackAudience whether identity assertions are made for any authorization server on this machine
 */
public record AssertionOptions(boolean enabled, boolean anyLoopbackIssuer, List<TrustedIssuerOptions> trustedIssuers,
                               boolean anyLoopbackAudience, List<AudienceOptions> audiences) {

    public AssertionOptions {
        trustedIssuers = List.copyOf(trustedIssuers);
        audiences = List.copyOf(audiences);
    }

    public static AssertionOptions of(JsonObject json, boolean demo) {
        List<TrustedIssuerOptions> issuers = json.getJsonArray("trustedIssuers", new JsonArray()).stream()
            .map(JsonObject.class::cast).map(TrustedIssuerOptions::of).toList();
        return new AssertionOptions(json.getBoolean("enabled", demo || !issuers.isEmpty()),
            json.getBoolean("anyLoopbackIssuer", demo), issuers, json.getBoolean("anyLoopbackAudience", demo),
            json.getJsonArray("audiences", new JsonArray()).stream().map(JsonObject.class::cast).map(AudienceOptions::of).toList());
    }

    /** Whether there is anybody whose assertions are taken. */
    public boolean acceptsAny() {
        return enabled && (anyLoopbackIssuer || !trustedIssuers.isEmpty());
    }

    /** Whether there is anybody whose assertions about people are taken. */
    public boolean acceptsIdentities() {
        return enabled && (anyLoopbackIssuer || trustedIssuers.stream().anyMatch(issuer -> issuer.accounts() != null));
    }

    /** Whether there is anybody for whom assertions are made. */
    public boolean makesAny() {
        return anyLoopbackAudience || !audiences.isEmpty();
    }
}
