package dev.gatehouse.authz.registration;

import dev.gatehouse.authz.authorize.RedirectUris;
import dev.gatehouse.authz.store.ClientAuthMethod;
import dev.gatehouse.authz.store.ClientMetadata;
import dev.gatehouse.shared.jose.JwtException;
import dev.gatehouse.shared.jose.SigningAlgorithm;
import dev.gatehouse.shared.jose.VerificationKey;
import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** The members that a client may leave out. What is not named here is not kept. */
final class OptionalMembers {

    private static final List<String> TEXTS = List.of("software_id", "software_version", "application_type", "tls_client_auth_subject_dn",
        "tls_client_auth_san_dns", "tls_client_auth_san_uri", "tls_client_auth_san_ip", "tls_client_auth_san_email");
    private static final List<String> URLS = List.of("client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri");
    private static final List<String> FLAGS = List.of("dpop_bound_access_tokens", "require_pushed_authorization_requests");
    private static final int MOST_KEYS = 10;

    private OptionalMembers() {
    }

    /** @throws dev.gatehouse.shared.oauth.OAuthException {@code invalid_client_metadata} */
    static ClientMetadata check(Members members, ClientAuthMethod method) {
        JsonObject kept = new JsonObject();
        TEXTS.forEach(name -> keep(kept, name, members.text(name)));
        URLS.forEach(name -> keep(kept, name, url(members, name)));
        FLAGS.forEach(name -> keep(kept, name, members.flag(name)));
        keepTexts(kept, "contacts", members.textsOr("contacts", List.of()));
        keepTexts(kept, "post_logout_redirect_uris", postLogoutRedirectUris(members));
        keep(kept, "token_endpoint_auth_signing_alg", algorithm(members));
        keep(kept, "jwks", keys(members));
        requireKeys(kept, method);
        return new ClientMetadata(kept);
    }

    private static void keep(JsonObject kept, String name, Object value) {
        if (value != null) {
            kept.put(name, value);
        }
    }

    private static void keepTexts(JsonObject kept, String name, List<String> texts) {
        keep(kept, name, texts.isEmpty() ? null : new JsonArray(texts));
    }

    /** People may be sent there, so a script in the place of an address is refused. */
    private static String url(Members members, String name) {
        String text = members.text(name);
        if (text == null) {
            return null;
        }
        try {
            URI uri = new URI(text);
            boolean web = uri.getHost() != null && uri.getRawUserInfo() == null
                && ("https".equalsIgnoreCase(uri.getScheme())
                    || ("http".equalsIgnoreCase(uri.getScheme()) && Loopback.isLoopbackHost(uri.getHost())));
            if (web) {
                return text;
            }
        } catch (URISyntaxException e) {
            // Refused below.
        }
        throw Members.invalid(name, "is not an https URL");
    }

    private static List<String> postLogoutRedirectUris(Members members) {
        List<String> uris = members.textsOr("post_logout_redirect_uris", List.of());
        uris.forEach(uri -> RedirectUris.refusal(uri).ifPresent(reason -> {
            throw Members.invalid("post_logout_redirect_uris", "cannot be used: " + reason);
        }));
        return uris;
    }

    private static String algorithm(Members members) {
        String text = members.text("token_endpoint_auth_signing_alg");
        if (text != null && SigningAlgorithm.named(text).isEmpty()) {
            throw Members.invalid("token_endpoint_auth_signing_alg", "is not an asymmetric algorithm that this server knows");
        }
        return text;
    }

    private static JsonObject keys(Members members) {
        Object sent = members.value("jwks");
        if (sent == null) {
            return null;
        }
        if (!(sent instanceof JsonObject set) || !(set.getValue("keys") instanceof JsonArray keys)
            || keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw Members.invalid("jwks", "is not a JWK set of 1 to " + MOST_KEYS + " keys");
        }
        keys.forEach(OptionalMembers::requirePublic);
        return new JsonObject().put("keys", keys);
    }

    private static void requirePublic(Object key) {
        if (!(key instanceof JsonObject jwk)) {
            throw Members.invalid("jwks", "holds what is not a key");
        }
        try {
            VerificationKey.parse(jwk);
        } catch (JwtException unusable) {
            throw Members.invalid("jwks", "holds a key that is private, symmetric, malformed or not for signatures");
        }
    }

    private static void requireKeys(JsonObject kept, ClientAuthMethod method) {
        boolean keys = kept.containsKey("jwks");
        boolean address = kept.containsKey("jwks_uri");
        if (keys && address) {
            throw Members.invalid("jwks", "and jwks_uri exclude each other");
        }
        if (!keys && !address && (method == ClientAuthMethod.PRIVATE_KEY_JWT || method == ClientAuthMethod.SELF_SIGNED_TLS_CLIENT_AUTH)) {
            throw Members.invalid("jwks", "or jwks_uri is needed for " + method.wireName());
        }
        if (method == ClientAuthMethod.TLS_CLIENT_AUTH
            && kept.fieldNames().stream().filter(name -> name.startsWith("tls_client_auth_")).count() != 1) {
            throw Members.invalid("tls_client_auth_subject_dn", "or exactly one of its alternatives is needed for tls_client_auth");
        }
    }
}
