package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.VerificationKey;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The public keys of a client that signs its requests. */
final class ClientKeys {

    @Option(names = "--jwks", paramLabel = "FILE", description = "A JWK set of its public keys, for private_key_jwt; replaces --jwks-uri.")
    private Path jwks;

    @Option(names = "--jwks-uri", paramLabel = "URL", description = "Where it publishes its public keys; replaces --jwks; none for nowhere.")
    private String jwksUri;

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
        require(!client.authMethods().contains(ClientAuthMethod.PRIVATE_KEY_JWT) || metadata.jwks() != null || metadata.jwksUri() != null,
            "The method private_key_jwt needs --jwks or --jwks-uri.");
        return client.withMetadata(metadata);
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

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new StartupException(otherwise + " Nothing was changed.");
        }
    }
}
