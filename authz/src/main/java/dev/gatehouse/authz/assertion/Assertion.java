package dev.gatehouse.authz.assertion;

import io.vertx.core.json.JsonObject;

/**
 * The statement of a trusted issuer. Only its signature, issuer and times have been checked.
 *
 * @param issuer who says it
 * @param aboutPerson whether it is an ID-JAG, and not what a workload says of itself
 * @param claims the JWT claims set
 * @param digest the same for every text with these claims, and for no other
 */
record Assertion(TrustedIssuerOptions issuer, boolean aboutPerson, JsonObject claims, String digest) {

    @Override
    public String toString() {
        return "Assertion[" + issuer.issuer() + "]";
    }
}
