package dev.gatehouse.authz;

/** What a server is run for. */
public enum Profile {
    /** Loopback only, plain http, with a well-known user and client. */
    DEMO,
    /** Refuses to start while anything of the demo is left. */
    PRODUCTION
}
