package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** What introspection says, signed for the one who asked (RFC 9701): for those who have to prove later what they were told. */
final class SignedIntrospection {

    static final String MEDIA_TYPE = "application/token-introspection+jwt";
    private static final String JSON = "application/json";
    private static final String TYPE = "token-introspection+jwt";

    private final JwtSigner signer;
    private final String issuer;
    private final Clock clock;

    SignedIntrospection(JwtSigner signer, String issuer, Clock clock) {
        this.signer = signer;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Whether a request asks for it by name (§4). Who takes JSON too, and prefers it or names it first, gets JSON. */
    static boolean isAskedFor(RoutingContext context) {
        // Spelled out at once where nobody asks for it, since few do and introspection is busy.
        return context.request().headers().getAll(HttpHeaders.ACCEPT).stream().anyMatch(SignedIntrospection::names)
            && MEDIA_TYPE.equals(context.parsedHeaders().accept().stream().filter(type -> type.weight() > 0)
                .map(type -> type.component() + "/" + type.subComponent()).filter(List.of(MEDIA_TYPE, JSON)::contains)
                .findFirst().orElse(null));
    }

    private static boolean names(String accept) {
        return accept.toLowerCase(Locale.ROOT).contains(MEDIA_TYPE);
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
