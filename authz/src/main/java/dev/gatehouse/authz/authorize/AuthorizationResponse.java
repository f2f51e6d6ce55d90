package dev.gatehouse.authz.authorize;

import dev.gatehouse.authz.client.ValidatedRedirect;
import dev.gatehouse.authz.page.Delivery;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Creates authorization responses. Each one contains the issuer (RFC 9207 §2, JARM §2.1). */
public final class AuthorizationResponse {

    /** JARM §2.1 recommends at most ten minutes. */
    private static final long SIGNED_SECONDS = 600;
    private static final String SIGNED = "response";

    private final String issuer;
    private final JwtSigner signer;
    private final Clock clock;

    public AuthorizationResponse(String issuer, JwtSigner signer, Clock clock) {
        this.issuer = issuer;
        this.signer = signer;
        this.clock = clock;
    }

    public Future<Delivery> success(Reply reply, String code) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("code", code);
        return deliver(reply, answer);
    }

    public Future<Delivery> error(AuthorizationException refusal) {
        Map<String, String> answer = new LinkedHashMap<>();
        answer.put("error", refusal.code().wireName());
        answer.put("error_description", refusal.description());
        return deliver(refusal.reply(), answer);
    }

    private Future<Delivery> deliver(Reply reply, Map<String, String> answer) {
        if (reply.state() != null) {
            answer.put("state", reply.state());
        }
        answer.put("iss", issuer);
        Future<Map<String, String>> fields = reply.mode().isSigned() ? sign(reply, answer) : Future.succeededFuture(answer);
        return fields.map(sent -> reply.mode().isPosted() ? new Delivery(reply.redirect().uri(), sent)
            : new Delivery(reply.redirect().with(sent), Map.of()));
    }

    /** The type is that of ID tokens, because readers expect no other. Without {@code sub} it cannot be used as an ID token. */
    private Future<Map<String, String>> sign(Reply reply, Map<String, String> answer) {
        JsonObject claims = new JsonObject();
        answer.forEach(claims::put);
        claims.put("aud", reply.clientId()).put("exp", clock.millis() / 1000 + SIGNED_SECONDS);
        return signer.sign("JWT", claims).map(jwt -> Map.of(SIGNED, jwt));
    }

    /**
     * The destination of an authorization response.
     *
     * @param state the state of the request, or null
     */
    public record Reply(String clientId, ValidatedRedirect redirect, String state, ResponseMode mode) {
    }
}
