package dev.gatehouse.authz.cli;

import static dev.gatehouse.authz.cli.ClientRules.require;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.security.auth.x500.X500Principal;

/** What is known of a client that proves itself by a key of its own: its public keys, or the name in its certificate. */
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

        ClientMetadata applyTo(ClientMetadata metadata) {
            return metadata.with("tls_client_auth_subject_dn", subject == null ? null : distinguishedName()).with("tls_client_auth_san_dns", dns)
                .with("tls_client_auth_san_uri", uri).with("tls_client_auth_san_ip", address).with("tls_client_auth_san_email", email);
        }

        private String distinguishedName() {
            try {
                new X500Principal(subject);
                return subject;
            } catch (IllegalArgumentException e) {
                throw new StartupException("--tls-subject-dn is a distinguished name as CN=app,O=Example (RFC 4514). Nothing was changed.");
            }
        }
    }

    /** @throws StartupException that says what is wrong */
    Client applyTo(Client client) {
        require(jwks == null || jwksUri == null, "--jwks and --jwks-uri exclude each other.");
        ClientMetadata metadata = client.metadata();
        if (jwks != null) {
            metadata = metadata.with("jwks_uri", null).with("jwks", read());
        }
        if (jwksUri != null) {
            boolean none = jwksUri.equals("none");
            require(none || jwksUri.matches("https://[^\\s#]+|http://(localhost|127\\.0\\.0\\.1|\\[::1])[:/][^\\s#]*"), "--jwks-uri is an https URL.");
            metadata = metadata.with("jwks", null).with("jwks_uri", none ? null : jwksUri);
        }
        if (certificate != null) {
            metadata = certificate.applyTo(metadata);
        }
        requireProvable(client, metadata);
        return client.withMetadata(metadata);
    }

    private static void requireProvable(Client client, ClientMetadata metadata) {
        for (ClientAuthMethod method : List.of(ClientAuthMethod.PRIVATE_KEY_JWT, ClientAuthMethod.SELF_SIGNED_TLS_CLIENT_AUTH)) {
            require(!client.authMethods().contains(method) || metadata.jwks() != null || metadata.jwksUri() != null,
                "The method " + method.wireName() + " needs --jwks or --jwks-uri.");
        }
        require(!client.authMethods().contains(ClientAuthMethod.TLS_CLIENT_AUTH)
                || metadata.members().fieldNames().stream().anyMatch(name -> name.startsWith("tls_client_auth_")),
            "The method tls_client_auth needs --tls-subject-dn or one of --tls-san-dns, --tls-san-uri, --tls-san-ip and --tls-san-email.");
    }

    private JsonObject read() {
        try {
            JsonArray keys = new JsonObject(Files.readString(jwks)).getJsonArray("keys");
            require(keys != null && !keys.isEmpty(), "--jwks: the file is no JWK set.");
            keys.forEach(key -> VerificationKey.parse((JsonObject) key));
            return new JsonObject().put("keys", keys);
        } catch (IOException e) {
            throw new StartupException("--jwks: the file " + jwks + " cannot be read. Nothing was changed.");
        } catch (DecodeException | ClassCastException | JwtException e) {
            throw new StartupException("--jwks: the file is no JWK set of public keys (" + e.getMessage() + "). Nothing was changed.");
        }
    }
}
