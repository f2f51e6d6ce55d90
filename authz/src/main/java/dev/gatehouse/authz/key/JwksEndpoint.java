package dev.gatehouse.authz.key;

import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.key.SigningKeys.SigningOptions;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.oauth.Issuer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** {@code /oauth/jwks}: the public keys of this server's tokens (RFC 7517 §5, RFC 8414 §2). */
public final class JwksEndpoint implements Endpoint {

    public static final String PATH = "/oauth/jwks";
    private static final int MAXIMUM_AGE_SECONDS = 300;

    private final SigningKeys keys;
    private final String url;
    private final int maximumAgeSeconds;

    public JwksEndpoint(SigningKeys keys, Issuer issuer, SigningOptions options) {
        this.keys = keys;
        this.url = issuer.url(PATH);
        // A set must not be kept until after a key that it lacks begins to sign.
        this.maximumAgeSeconds = (int) Math.min(MAXIMUM_AGE_SECONDS, options.publishAheadSeconds() / 2);
    }

    @Override
    public void mount(Routes routes) {
        Router served = routes.served();
        Cors.allow(served, PATH, "GET");
        served.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD)
            .handler(context -> JsonResponse.sendPublic(context, maximumAgeSeconds, keys.publicSet()));
        UnservedRequests.allowOnly(served, PATH, "GET, HEAD");
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("jwks_uri", url);
    }
}
