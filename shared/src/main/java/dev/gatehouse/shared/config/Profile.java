package dev.gatehouse.shared.config;

/** The purpose of a server. */
public enum Profile {
    /** One machine only, plain http, with a well-known user and client. */
    DEMO,
    /** The server refuses to start while a demo setting is left. */
    PRODUCTION
}
