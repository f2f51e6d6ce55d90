package dev.gatehouse.authz.assertion;

/** How the account is found of a person whom another issuer speaks of. */
enum AccountRule {
    /** Only one that was linked to the identity before. */
    LINKED,
    /** Also the only one with the email address that the issuer has verified; it is linked from then on. */
    EMAIL,
    /** Also a new one, without a password, which is linked from then on. */
    CREATED
}
