package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.user.ExternalIdentity;
import picocli.CommandLine.Option;

/** Which identity of another issuer a command is about. */
final class IdentityOptions {

    @Option(names = "--issuer", required = true, paramLabel = "URL", description = "The issuer, exactly as its assertions name it.")
    private String issuer;

    @Option(names = "--subject", required = true, paramLabel = "SUB", description = "The person's subject identifier there.")
    private String subject;

    @Option(names = "--tenant", paramLabel = "TENANT", description = "The tenant, for an issuer that serves several.")
    private String tenant = "";

    ExternalIdentity identity() {
        return new ExternalIdentity(issuer, tenant, subject);
    }
}
