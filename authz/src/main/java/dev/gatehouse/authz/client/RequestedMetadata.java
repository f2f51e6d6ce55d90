package dev.gatehouse.authz.client;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The metadata of a client before validation, each member of its type (RFC 7591 §2). The client, its document or an operator
 * provides it. A null, absent or empty member is null or an empty list here. So is a member of another type, which is an omission.
 *
 * @param authMethods the requested method, then all that the client supports (RP Metadata Choices)
 * @param texts members that stay as they are
 * @param urls members that are URLs
 * @param omissions members that could not be read
 */
public record RequestedMetadata(String name, List<String> authMethods, List<String> grantTypes, List<String> responseTypes, List<String> redirectUris,
                    String scope, String applicationType, String signingAlgorithm, String idTokenAlgorithm, JsonArray keys,
                    Map<String, String> texts, Map<String, String> urls, Map<String, Boolean> flags, List<String> contacts,
                    List<String> postLogoutRedirectUris, List<Omission> omissions) {

    private static final List<String> TEXTS = List.of("software_id", "software_version", "tls_client_auth_subject_dn",
        "tls_client_auth_san_dns", "tls_client_auth_san_uri", "tls_client_auth_san_ip", "tls_client_auth_san_email",
        "request_object_signing_alg", "userinfo_signed_response_alg");
    private static final List<String> URLS = List.of("client_uri", "logo_uri", "tos_uri", "policy_uri", "jwks_uri");
    private static final List<String> FLAGS = List.of("dpop_bound_access_tokens", "tls_client_certificate_bound_access_tokens",
        "require_pushed_authorization_requests", "require_signed_request_object");

    /**
     * A member, or a part of one, that was not registered.
     *
     * @param reason follows the member's name in a sentence, and echoes no input
     */
    public record Omission(String member, String reason) {

        @Override
        public String toString() {
            return member + " " + reason;
        }
    }

    /** Reads the members of a request, a document or a statement. */
    public static RequestedMetadata of(JsonObject sent) {
        Reader reader = new Reader(sent);
        return new RequestedMetadata(reader.text("client_name", Reader.LONGEST_NAME),
            Stream.concat(Stream.ofNullable(reader.text("token_endpoint_auth_method")),
                reader.texts("token_endpoint_auth_methods_supported").stream()).distinct().toList(),
            reader.texts("grant_types"), reader.texts("response_types"), reader.texts("redirect_uris"), reader.text("scope"),
            reader.text("application_type"), reader.text("token_endpoint_auth_signing_alg"), reader.text("id_token_signed_response_alg"),
            reader.keys(), reader.each(TEXTS, reader::text), reader.each(URLS, reader::text), reader.each(FLAGS, reader::flag),
            reader.texts("contacts"), reader.texts("post_logout_redirect_uris"), reader.omissions);
    }

    /** The members as they came. A member of another type is noted and passed over. */
    private static final class Reader {

        static final int LONGEST_NAME = 200;
        private static final int LONGEST = 2_000;
        private static final int MOST = 50;

        private final JsonObject sent;
        private final List<Omission> omissions = new ArrayList<>();

        Reader(JsonObject sent) {
            this.sent = sent;
        }

        private void omit(String name, String reason) {
            omissions.add(new Omission(name, reason));
        }

        <T> Map<String, T> each(List<String> names, java.util.function.Function<String, T> read) {
            Map<String, T> values = new LinkedHashMap<>();
            names.forEach(name -> {
                T value = read.apply(name);
                if (value != null) {
                    values.put(name, value);
                }
            });
            return values;
        }

        String text(String name) {
            return text(name, LONGEST);
        }

        String text(String name, int longest) {
            Object value = sent.getValue(name);
            if (value == null || value instanceof String blank && blank.codePoints().allMatch(Reader::isBlank)) {
                return null;
            }
            if (!(value instanceof String text) || text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
                omit(name, "is not a text of at most " + longest + " characters without control characters");
                return null;
            }
            return text.strip();
        }

        private static boolean isBlank(int codePoint) {
            return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
        }

        List<String> texts(String name) {
            Object value = sent.getValue(name);
            if (value == null) {
                return List.of();
            }
            if (!(value instanceof JsonArray array)) {
                omit(name, "is not a list of texts");
                return List.of();
            }
            List<String> texts = array.stream().filter(each -> each instanceof String text && text.length() <= LONGEST)
                .map(String.class::cast).distinct().limit(MOST).toList();
            if (array.stream().anyMatch(each -> each != null && !(each instanceof String text && texts.contains(text)))) {
                omit(name, "holds more than " + MOST + " entries, or one that is not a text of at most " + LONGEST + " characters");
            }
            return texts;
        }

        Boolean flag(String name) {
            Object value = sent.getValue(name);
            if (value != null && !(value instanceof Boolean)) {
                omit(name, "is neither true nor false");
                return null;
            }
            return (Boolean) value;
        }

        /** The keys of the JWK set; null for no set. */
        JsonArray keys() {
            Object value = sent.getValue("jwks");
            if (value == null) {
                return null;
            }
            if (value instanceof JsonObject set && set.getValue("keys") instanceof JsonArray keys) {
                return keys;
            }
            omit("jwks", "is not a JWK set");
            return null;
        }
    }
}
