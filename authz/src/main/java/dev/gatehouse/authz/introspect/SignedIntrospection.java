package dev.gatehouse.authz.introspect;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.jose.JwtSigner;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.List;
import java.util.Locale;

/** Signed introspection responses (RFC 9701), for callers that must be able to prove later what this server stated. */
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

    /** Returns true if a request names its media type (§4). A caller that prefers JSON, or names it first, gets JSON. */
    static boolean isAskedFor(RoutingContext context) {
        // This quick look comes first, because introspection is busy and few requests ask for a signed response.
        return context.request().headers().getAll(HttpHeaders.ACCEPT).stream().anyMatch(SignedIntrospection::names)
            && MediaTypes.preferred(context, List.of(MEDIA_TYPE, MediaTypes.JSON)).filter(MEDIA_TYPE::equals).isPresent();
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
