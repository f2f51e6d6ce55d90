package dev.gatehouse.authz.token;

import dev.gatehouse.authz.token.AccessTokenStore.ActiveToken;
import dev.gatehouse.authz.token.AccessTokenStore.ActiveUser;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes what introspection says of a live token (RFC 7662 §2.2), and of its user beyond that. */
public final class IntrospectionDocument {

    public static final Buffer INACTIVE = new JsonObject().put("active", false).toBuffer();

    private static final Map<String, String> OF_THE_PERSON = Map.of("username", "profile", "name", "profile", "created_at", "profile",
        "email", "email", "auth_time", "openid", "acr", "openid", "amr", "openid");

    private static final int TIMES_LENGTH = 40;

    private final String issuer;

    public IntrospectionDocument(String issuer) {
        this.issuer = issuer;
    }

    /** The response of a token without its times, as {@link #of(byte[], long, long)} takes it. @param more the configured claims */
    public byte[] withoutTimes(ActiveToken active, JsonObject more) {
        AccessToken token = active.token();
        JsonObject document = new JsonObject().put("active", true)
            .put("iss", issuer)
            .put("sub", token.sub())
            .put("aud", audience(token.audience()))
            .put("client_id", token.clientId())
            .put("scope", token.scopes().toString())
            .put("token_type", token.isBoundToKey() ? "DPoP" : "Bearer");
        if (token.confirmation() != null) {
            document.put("cnf", new JsonObject().put(token.confirmation().method(), token.confirmation().thumbprint()));
        }
        active.login().addTo(document);
        if (active.user() != null) {
            addUser(document, active.user());
        }
        return withoutEnd(document.mergeIn(more));
    }

    private static byte[] withoutEnd(JsonObject document) {
        Buffer encoded = document.toBuffer();
        return encoded.getBytes(0, encoded.length() - 1);
    }

    /** The whole response. @param document the members before the times, without the brace at the end */
    static Buffer of(byte[] document, long issuedAt, long expiresAt) {
        String times = ",\"iat\":" + issuedAt / 1000 + ",\"exp\":" + expiresAt / 1000 + "}";
        return Buffer.buffer(document.length + TIMES_LENGTH).appendBytes(document).appendBytes(times.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static Object audience(List<String> audience) {
        return audience.size() == 1 ? audience.get(0) : new JsonArray(audience);
    }

    private static void addUser(JsonObject document, ActiveUser user) {
        document.put("username", user.username());
        putIfPresent(document, "email", user.email());
        putIfPresent(document, "name", user.name());
        document.put("created_at", Instant.ofEpochMilli(user.createdAt()).toString());
        putIfPresent(document, "last_login",
            user.lastLoginAt() == null ? null : Instant.ofEpochMilli(user.lastLoginAt()).toString());
    }

    /**
     * The document for the token's own client. It has no more about the user than userinfo would have by the same scopes.
     *
     * @param document the document without its times
     * @param hidden the configured claims that are for resource servers only
     * @return the document without its times
     */
    static byte[] forClient(byte[] document, Scopes scopes, Set<String> hidden) {
        JsonObject members = new JsonObject(Buffer.buffer(document).appendString("}"));
        hidden.forEach(members::remove);
        OF_THE_PERSON.forEach((member, scope) -> {
            if (!scopes.contains(scope)) {
                members.remove(member);
            }
        });
        members.remove("last_login");
        return withoutEnd(members);
    }

    private static void putIfPresent(JsonObject document, String name, String value) {
        if (value != null) {
            document.put(name, value);
        }
    }
}
