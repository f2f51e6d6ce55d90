package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientStatement.require;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The options for a client that authenticates with a key: its public keys, or the name in its certificate. */
final class ClientKeys {

    @Option(names = "--jwks", paramLabel = "FILE", description = "A JWK set of its public keys, for private_key_jwt and self_signed_tls_client_auth; replaces --jwks-uri.")
    private Path jwks;

    @Option(names = "--jwks-uri", paramLabel = "URL", description = "Where it publishes its public keys; replaces --jwks; none for nowhere.")
    private String jwksUri;

    @ArgGroup(exclusive = true)
    private CertificateName certificate;

    /** Exactly one of them (RFC 8705 §2.1.2). */
    static final class CertificateName {

        @Option(names = "--tls-subject-dn", paramLabel = "DN", description = "The subject of its certificate, as CN=app,O=Example, for tls_client_auth.")
        private String subject;

        @Option(names = "--tls-san-dns", paramLabel = "HOST", description = "The same by a DNS name among the alternative names.")
        private String dns;

        @Option(names = "--tls-san-uri", paramLabel = "URI", description = "The same by a URI.")
        private String uri;

        @Option(names = "--tls-san-ip", paramLabel = "ADDRESS", description = "The same by an address.")
        private String address;

        @Option(names = "--tls-san-email", paramLabel = "EMAIL", description = "The same by an email address.")
        private String email;

        void describe(ClientStatement statement) {
            statement.say("tls_client_auth_subject_dn", subject);
            statement.say("tls_client_auth_san_dns", dns);
            statement.say("tls_client_auth_san_uri", uri);
            statement.say("tls_client_auth_san_ip", address);
            statement.say("tls_client_auth_san_email", email);
        }
    }

    /** @throws StartupException where the file of keys cannot be read */
    void describe(ClientStatement statement) {
        require(jwks == null || jwksUri == null, "--jwks and --jwks-uri exclude each other.");
        if (jwks != null) {
            statement.say("jwks_uri", (Object) null);
            statement.say("jwks", read());
        }
        if (jwksUri != null) {
            statement.say("jwks", (Object) null);
            statement.say("jwks_uri", jwksUri.equals("none") ? null : jwksUri);
        }
        if (certificate != null) {
            certificate.describe(statement);
        }
    }

    private JsonObject read() {
        try {
            return StrictJson.object(Files.readAllBytes(jwks));
        } catch (IOException e) {
            throw new StartupException("--jwks: the file " + jwks + " cannot be read. Nothing was changed.");
        } catch (MalformedJson e) {
            throw new StartupException("--jwks: the file is no JWK set (" + e.getMessage() + "). Nothing was changed.");
        }
    }
}
