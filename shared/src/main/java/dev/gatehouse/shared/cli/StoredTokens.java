package dev.gatehouse.shared.cli;

import java.io.PrintWriter;

/** The access tokens of stored logins. The client provides them, for commands of modules that do not depend on it. */
public interface StoredTokens {

    /**
     * Prints a valid access token of a stored login, refreshed where it has to be.
     *
     * @param target the URL of an MCP server, or its name in the configuration
     * @param out takes the token
     * @param error takes what the user has to know
     * @return the exit code
     * @throws dev.gatehouse.shared.config.StartupException when there is no stored login
     */
    int print(String target, PrintWriter out, PrintWriter error);
}
