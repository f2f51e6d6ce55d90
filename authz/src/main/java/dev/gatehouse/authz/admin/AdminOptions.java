package dev.gatehouse.authz.admin;

import java.util.List;

/**
 * The administration.
 *
 * @param enabled whether the API and the console are served
 * @param fourEyes whether a second owner confirms the removal of a key and a new owner
 * @param policies the policy files that it edits
 */
public record AdminOptions(boolean enabled, boolean fourEyes, List<PolicyOptions> policies) {

    /** The path of the API below the issuer's path. The URL is the audience of its tokens. */
    public static final String PATH = "/admin/v1";

    /** The client of the console. It has no secret: only this server redeems its codes. */
    public static final String CONSOLE_CLIENT = "gatehouse-console";

    public AdminOptions {
        policies = List.copyOf(policies);
    }

    /** A policy file of an MCP server. @param file absolute or in the data home */
    public record PolicyOptions(String name, String file) {
    }
}
