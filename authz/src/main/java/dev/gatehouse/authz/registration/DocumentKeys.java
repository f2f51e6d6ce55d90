package dev.gatehouse.authz.registration;

import dev.gatehouse.authz.store.ClientAuthMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a client that describes itself proves who it is: by a key that its document publishes, or not at all. A secret can
 * be agreed on with nobody over a public document (draft-ietf-oauth-client-id-metadata-document §4).
 *
 * <p>A document may name one method ({@code token_endpoint_auth_method}), and all that its client can do (RP Metadata
 * Choices, {@code token_endpoint_auth_methods_supported}); those of both that we know may then be used.
 */
final class DocumentKeys {

    private static final List<String> PRIVATE_MEMBERS = List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private DocumentKeys() {
    }

    /** @throws InvalidDocumentException */
    static Set<ClientAuthMethod> methods(DocumentMembers document) {
        Set<String> named = new HashSet<>(document.texts("token_endpoint_auth_methods_supported"));
        String one = document.text("token_endpoint_auth_method");
        if (one != null) {
            named.add(one);
        }
        if (named.isEmpty()) {
            return EnumSet.of(ClientAuthMethod.NONE);
        }
        if (named.stream().anyMatch(method -> method.startsWith("client_secret"))) {
            throw new InvalidDocumentException("it names an authentication method with a secret");
        }
        return usable(document, named);
    }

    private static Set<ClientAuthMethod> usable(DocumentMembers document, Set<String> named) {
        Set<ClientAuthMethod> methods = EnumSet.noneOf(ClientAuthMethod.class);
        if (named.contains(ClientAuthMethod.NONE.wireName())) {
            methods.add(ClientAuthMethod.NONE);
        }
        if (named.contains(ClientAuthMethod.PRIVATE_KEY_JWT.wireName()) && (document.has("jwks") || document.has("jwks_uri"))) {
            methods.add(ClientAuthMethod.PRIVATE_KEY_JWT);
        }
        if (methods.isEmpty()) {
            throw new InvalidDocumentException("it names no authentication method that is supported here: none, or"
                + " private_key_jwt with jwks or jwks_uri");
        }
        return methods;
    }

    /** The keys in the document itself, or null. @throws InvalidDocumentException when they are not public keys */
    static JsonObject jwks(DocumentMembers document) {
        JsonObject jwks = document.object("jwks");
        if (jwks == null) {
            return null;
        }
        if (document.has("jwks_uri")) {
            throw new InvalidDocumentException("it has both jwks and jwks_uri");
        }
        if (!(jwks.getValue("keys") instanceof JsonArray keys) || !keys.stream().allMatch(DocumentKeys::isPublic)) {
            throw new InvalidDocumentException("its jwks is not a set of public keys");
        }
        return jwks;
    }

    private static boolean isPublic(Object key) {
        return key instanceof JsonObject members && PRIVATE_MEMBERS.stream().noneMatch(members::containsKey)
            && !"oct".equals(members.getValue("kty"));
    }

    /** The algorithm of assertions, or null for any. @throws InvalidDocumentException when it is one without a key pair */
    static String algorithm(DocumentMembers document) {
        String algorithm = document.text("token_endpoint_auth_signing_alg");
        if (algorithm != null && (algorithm.equalsIgnoreCase("none") || algorithm.startsWith("HS"))) {
            throw new InvalidDocumentException("its token_endpoint_auth_signing_alg is none with a key pair");
        }
        return algorithm;
    }
}
