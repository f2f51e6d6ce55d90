package dev.gatehouse.authz.user;

/**
 * A person as another issuer knows them. One identity has one account here at most, and an account has at most one identity
 * of each issuer and tenant.
 *
 * @param tenant of an issuer that serves several; empty for none
 * @param subject unique within issuer and tenant
 */
public record ExternalIdentity(String issuer, String tenant, String subject) {
}
