package dev.gatehouse.authz.client.auth;

import io.vertx.core.Future;

/** Identifiers that count once: those of assertions and of proofs (RFC 7523 §3, RFC 9449 §11.1). */
public interface UsedIdentifierStore {

    /**
     * Notes the use of an identifier, durably, before anything is given for it.
     *
     * @param kind what it identifies, with its issuer, so that two issuers may use the same identifier
     * @param identifier as it was sent; only a hash of it is kept
     * @param expiresAt epoch milliseconds, after which the thing itself is refused for its age
     * @return whether this is the first use; of many at once exactly one is
     */
    Future<Boolean> use(String kind, String identifier, long expiresAt);
}
