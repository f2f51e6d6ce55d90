package dev.gatehouse.authz.endpoint;

import dev.gatehouse.authz.store.Client;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What introspection says, signed for the one who asked (RFC 9701): for those who have to prove later what they were told. */
final class SignedIntrospection {

    static final String MEDIA_TYPE = "application/token-introspection+jwt";
    private static final String TYPE = "token-introspection+jwt";

    private final JwtSigner signer;
    private final String issuer;
    private final Clock clock;

    SignedIntrospection(JwtSigner signer, String issuer, Clock clock) {
        this.signer = signer;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Whether a request asks for it (§4). Who takes JSON too, and names it first, gets JSON. */
    static boolean isAskedFor(String accept) {
        if (accept == null) {
            return false;
        }
        List<String> types = Stream.of(accept.split(",")).map(SignedIntrospection::mediaType).toList();
        int json = types.indexOf("application/json");
        int signed = types.indexOf(MEDIA_TYPE);
        return signed >= 0 && (json < 0 || signed < json);
    }

    private static String mediaType(String entry) {
        int parameters = entry.indexOf(';');
        return (parameters < 0 ? entry : entry.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
    }

    /** §5: without {@code sub} and {@code exp} of its own, so that it passes for no other kind of JWT. */
    Future<Buffer> of(Buffer answer, Client caller) {
        JsonObject claims = new JsonObject()
            .put("iss", issuer)
            .put("aud", caller.id())
            .put("iat", clock.millis() / 1000)
            .put("token_introspection", new JsonObject(answer));
        return signer.sign(TYPE, claims).map(Buffer::buffer);
    }
}
