package dev.gatehouse.authz.federation;

import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.federation.UpstreamHttp.Call;
import dev.gatehouse.authz.federation.UpstreamHttp.Response;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.jose.JwtSigner;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls the token endpoint of an identity provider (RFC 6749 §4.1.3, §6; OpenID Connect Core §9). */
final class UpstreamTokenRequests {

    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final long ASSERTION_SECONDS = 60;

    private final ProviderOptions options;
    private final ProviderSecrets secrets;
    private final UpstreamHttp http;
    private final Clock clock;

    UpstreamTokenRequests(ProviderOptions options, ProviderSecrets secrets, UpstreamHttp http, Clock clock) {
        this.options = options;
        this.secrets = secrets;
        this.http = http;
        this.clock = clock;
    }

    /** The credentials of this server. @param signer makes client assertions; null for a secret */
    record ProviderSecrets(String secret, JwtSigner signer) {

        @Override
        public String toString() {
            return "ProviderSecrets[…]";
        }
    }

    /**
     * Tokens of an identity provider. They stay in this package.
     *
     * @param idToken or null
     * @param refresh the refresh token, or null
     */
    record UpstreamTokens(String access, String idToken, String refresh) {

        @Override
        public String toString() {
            return "UpstreamTokens[…]";
        }
    }

    Future<UpstreamTokens> redeem(ProviderMetadata metadata, String code, String verifier, String redirectUri) {
        return send(metadata, Map.of("grant_type", "authorization_code", "code", code, "redirect_uri", redirectUri, "code_verifier", verifier));
    }

    Future<UpstreamTokens> refresh(ProviderMetadata metadata, String refreshToken) {
        return send(metadata, Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    private Future<UpstreamTokens> send(ProviderMetadata metadata, Map<String, String> parameters) {
        Map<String, String> form = new LinkedHashMap<>(parameters);
        return authenticate(metadata, form).compose(authorization -> http.send(new Call(metadata.token(), FormParameters.encode(form), authorization,
            options.timeoutSeconds() * 1000))).map(UpstreamTokenRequests::read);
    }

    /** Adds the credentials to the form, or returns the value of the header; null for none. */
    private Future<String> authenticate(ProviderMetadata metadata, Map<String, String> form) {
        if (options.authentication() == ClientAuthMethod.CLIENT_SECRET_BASIC) {
            String pair = FormParameters.encode(options.clientId()) + ":" + FormParameters.encode(secrets.secret());
            return Future.succeededFuture("Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        form.put("client_id", options.clientId());
        if (options.authentication() == ClientAuthMethod.CLIENT_SECRET_POST) {
            form.put("client_secret", secrets.secret());
            return Future.succeededFuture();
        }
        return secrets.signer().sign("JWT", assertion(metadata.token())).compose(assertion -> {
            form.put("client_assertion_type", JWT_BEARER);
            form.put("client_assertion", assertion);
            return Future.succeededFuture();
        });
    }

    private JsonObject assertion(String audience) {
        long now = clock.millis() / 1000;
        return new JsonObject().put("iss", options.clientId()).put("sub", options.clientId()).put("aud", audience).put("iat", now)
            .put("exp", now + ASSERTION_SECONDS).put("jti", SecretToken.generate(""));
    }

    /** GitHub reports an error with status 200. */
    private static UpstreamTokens read(Response response) {
        if (response.status() >= 500) {
            response.requireOk();
        }
        JsonObject json = response.object();
        if (json.getValue("error") instanceof String error) {
            throw new UpstreamException(fault(error), "token endpoint: " + error.replaceAll("[^a-z_]", ""));
        }
        if (response.status() != 200 || !(json.getValue("access_token") instanceof String access)) {
            throw new UpstreamException(UpstreamFault.INVALID_RESPONSE, "token endpoint: status " + response.status() + " without a token");
        }
        return new UpstreamTokens(access, text(json, "id_token"), text(json, "refresh_token"));
    }

    private static UpstreamFault fault(String error) {
        return switch (error) {
            case "unverified_user_email" -> UpstreamFault.UNVERIFIED_EMAIL;
            case "invalid_client", "incorrect_client_credentials", "unauthorized_client", "redirect_uri_mismatch" -> UpstreamFault.MISCONFIGURED;
            case "temporarily_unavailable", "server_error", "slow_down" -> UpstreamFault.UNREACHABLE;
            default -> UpstreamFault.REJECTED;
        };
    }

    private static String text(JsonObject json, String name) {
        return json.getValue(name) instanceof String text && !text.isEmpty() ? text : null;
    }
}
