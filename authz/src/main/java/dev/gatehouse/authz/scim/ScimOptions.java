package dev.gatehouse.authz.scim;

import java.util.OptionalInt;

/**
 * Provisioning by SCIM.
 *
 * @param enabled whether the endpoint is served
 * @param requestsPerMinute requests that one source may make in a minute; empty for no limit
 */
public record ScimOptions(boolean enabled, OptionalInt requestsPerMinute) {

    /** The path of the endpoint below the issuer. */
    public static final String PATH = "/scim/v2";
}
