package dev.gatehouse.authz.oidc;

import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.client.ClientLookup;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.Endpoint.Routes;
import dev.gatehouse.authz.http.OAuthErrorResponder;
import dev.gatehouse.authz.oidc.UserInfo.Told;
import dev.gatehouse.authz.scope.ResourcePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.token.TokenPresentation;
import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.Cors;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.UnservedRequests;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.List;
import java.util.Set;

/** {@code /oauth/userinfo} (OpenID Connect Core §5.3): the claims about the user of an access token. */
public final class UserInfoEndpoint implements Endpoint {

    public static final String PATH = ResourcePolicy.USERINFO_PATH;
    private static final String JWT = "application/jwt";
    private static final Set<String> FORMS = Set.of(JWT, "application/json");
    private static final String BODY_PARAMETER = "access_token";
    private static final int MAXIMUM_BYTES = 16 * 1024;

    private final UserInfo info;
    private final TokenPresentation tokens;
    private final ClientLookup clients;
    private final JwtSigner signer;
    private final Issuer issuer;
    private final OpenIdOptions options;
    private final String algorithm;
    private final RateLimiter limiter;

    /**
     * @param signer signs responses for clients that request a JWT
     * @param algorithm the algorithm of new keys, which metadata announces
     */
    public UserInfoEndpoint(UserInfo info, TokenPresentation tokens, ClientLookup clients, JwtSigner signer, String algorithm, Issuer issuer, OpenIdOptions options,
                            RateLimiter limiter) {
        this.clients = clients;
        this.signer = signer;
        this.info = info;
        this.tokens = tokens;
        this.algorithm = algorithm;
        this.issuer = issuer;
        this.options = options;
        this.limiter = limiter;
    }

    @Override
    public void describe(JsonObject metadata) {
        metadata.put("userinfo_endpoint", issuer.url(PATH))
            .put("subject_types_supported", new JsonArray().add("public"))
            .put("id_token_signing_alg_values_supported", new JsonArray().add(algorithm))
            .put("claims_supported", new JsonArray(info.supported()))
            .put("claim_types_supported", new JsonArray().add("normal"))
            .put("prompt_values_supported", new JsonArray().add("none").add("login").add("consent").add("select_account"))
            .put("claims_parameter_supported", true)
            .put("acr_values_supported", new JsonArray(LoginLevel.known()));
        if (options.signedUserInfo()) {
            metadata.put("userinfo_signing_alg_values_supported", new JsonArray().add(algorithm));
        }
    }

    @Override
    public void mount(Routes routes) {
        Router router = routes.served();
        Cors.allow(router, PATH, "GET, POST");
        router.route(PATH).method(HttpMethod.GET).method(HttpMethod.POST).handler(context -> handle(context, routes));
        UnservedRequests.allowOnly(router, PATH, "GET, POST");
    }

    private void handle(RoutingContext context, Routes routes) {
        if (OAuthErrorResponder.refuseAboveLimit(context, limiter, routes.addresses().sourceOf(context.request()))) {
            return;
        }
        BoundedBody.read(context, MAXIMUM_BYTES)
            .compose(body -> answer(context, body))
            .compose(told -> send(context, told))
            .onFailure(failure -> OAuthErrorResponder.sendProtected(context, failure,
                context.request().headers().contains("Authorization") || context.get(BODY_PARAMETER) != null, ScopeOptions.OPENID));
    }

    private Future<Told> answer(RoutingContext context, Buffer body) {
        String inBody = tokenInBody(context, body);
        if (inBody != null) {
            if (context.request().headers().contains("Authorization")) {
                throw new OAuthException(OAuthErrorCode.INVALID_REQUEST, "Send the access token only once (RFC 6750 section 2)");
            }
            context.put(BODY_PARAMETER, true);
            return tokens.of(context, "Bearer", inBody).compose(info::of);
        }
        return tokens.of(context).compose(info::of);
    }

    /** The token of a form (RFC 6750 §2.2), or null if there is none. */
    private static String tokenInBody(RoutingContext context, Buffer body) {
        boolean form = context.request().method() == HttpMethod.POST && body.length() > 0
            && MediaTypes.is(context.request().getHeader(HttpHeaders.CONTENT_TYPE), MediaTypes.FORM);
        return form ? FormParameters.parseBody(context.request().headers(), body).single(BODY_PARAMETER) : null;
    }

    private Future<Void> send(RoutingContext context, Told told) {
        return wantsJwt(context, told.clientId()).compose(signed -> !signed ? JsonResponse.sendPrivate(context, 200, told.claims())
            : signer.sign("JWT", told.claims().copy().put("iss", issuer.identifier()).put("aud", told.clientId()))
                .compose(jwt -> JsonResponse.sendPrivateAs(JWT, context, Buffer.buffer(jwt))));
    }

    /** OpenID Connect Core §5.3.2: as the client has registered, or as the request asks. */
    private Future<Boolean> wantsJwt(RoutingContext context, String clientId) {
        if (!options.signedUserInfo()) {
            return Future.succeededFuture(false);
        }
        return prefersJwt(context) ? Future.succeededFuture(true) : clients.find(clientId).map(client ->
            client.filter(each -> algorithm.equals(each.metadata().text("userinfo_signed_response_alg"))).isPresent());
    }

    /** Returns whether the request prefers a JWT. */
    private static boolean prefersJwt(RoutingContext context) {
        return MediaTypes.preferred(context, FORMS).filter(JWT::equals).isPresent();
    }

    /**
     * OpenID Connect.
     *
     * @param enabled whether this server is an OpenID provider
     * @param signedUserInfo whether clients may get userinfo responses as JWT
     */
    public record OpenIdOptions(boolean enabled, boolean signedUserInfo) {
    }
}
