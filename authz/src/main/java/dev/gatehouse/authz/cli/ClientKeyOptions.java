package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientStatement.require;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.json.StrictJson;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The options for a client that authenticates with a key: its public keys, or the name in its certificate. */
final class ClientKeyOptions {

    @Option(names = "--jwks", paramLabel = "FILE", description = "JWK set of the client's public keys, for private_key_jwt and self_signed_tls_client_auth. Replaces --jwks-uri.")
    private Path jwks;

    @Option(names = "--jwks-uri", paramLabel = "URL", description = "URL of the client's JWK set. Replaces --jwks; none removes it.")
    private String jwksUri;

    @ArgGroup(exclusive = true)
    private CertificateName certificate;

    /** Exactly one of them (RFC 8705 §2.1.2). */
    static final class CertificateName {

        @Option(names = "--tls-subject-dn", paramLabel = "DN", description = "Subject of the client's certificate for tls_client_auth, such as CN=app,O=Example.")
        private String subject;

        @Option(names = "--tls-san-dns", paramLabel = "HOST", description = "DNS name in the certificate's subject alternative names, for tls_client_auth.")
        private String dns;

        @Option(names = "--tls-san-uri", paramLabel = "URI", description = "URI in the subject alternative names, for tls_client_auth.")
        private String uri;

        @Option(names = "--tls-san-ip", paramLabel = "ADDRESS", description = "IP address in the subject alternative names, for tls_client_auth.")
        private String address;

        @Option(names = "--tls-san-email", paramLabel = "EMAIL", description = "Email address in the subject alternative names, for tls_client_auth.")
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
            throw new StartupException("--jwks: the file is not a JWK set (" + e.getMessage() + "). Nothing was changed.");
        }
    }
}
