package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds how this client is known to an authorization server, in the order of the specification of MCP (client registration). */
final class ClientRegistration {

    private final HttpCaller http;
    private final CredentialStore store;
    private final OAuthOptions options;

    ClientRegistration(HttpCaller http, CredentialStore store, OAuthOptions options) {
        this.http = http;
        this.store = store;
        this.options = options;
    }

    /**
     * Returns the client: a pre-registered one, else a client ID metadata document, else a registration, stored or new.
     *
     * @param redirectUri null for grants without one
     */
    Future<OAuthClient> client(AuthorizationServer server, String redirectUri) {
        if (options.clientId() != null) {
            return Future.succeededFuture(new OAuthClient(options.issuer(), options.clientId(), options.clientSecret(), null, redirectUri));
        }
        if (options.clientMetadataUrl() != null && server.takesClientDocuments()) {
            return Future.succeededFuture(new OAuthClient(null, options.clientMetadataUrl(), null, ClientAuthentication.NONE, redirectUri));
        }
        return store.client(server.name()).compose(stored -> stored.filter(client -> fits(client, redirectUri)).map(Future::succeededFuture)
            .orElseGet(() -> register(server, redirectUri)));
    }

    /** A client is registered for the one redirect URI, or for grants without one. */
    private static boolean fits(OAuthClient client, String redirectUri) {
        return Objects.equals(redirectUri, client.redirectUri());
    }

    /** The redirect URI of a stored registration, which a new login has to use again. */
    Future<Optional<String>> registeredRedirectUri(AuthorizationServer server) {
        return options.clientId() != null ? Future.succeededFuture(Optional.empty())
            : store.client(server.name()).map(stored -> stored.map(OAuthClient::redirectUri));
    }

    private Future<OAuthClient> register(AuthorizationServer server, String redirectUri) {
        JsonObject metadata = metadata(server, redirectUri);
        return Future.succeededFuture(server).map(known -> known.endpoint("registration_endpoint").orElseThrow(() -> OAuthFailure.protocol(
                "The authorization server " + server.name() + " registers no clients by itself. Register one there, and configure its client_id.")))
            .compose(endpoint -> http.call(HttpCall.postJson(endpoint, metadata)))
            .map(answer -> {
                JsonObject body = answer.json().orElseGet(JsonObject::new);
                if (answer.status() / 100 != 2 || Members.text(body, "client_id") == null) {
                    throw TokenRequests.refusal("The authorization server " + server.name() + " did not register this client."
                        + " Name a registered one with client_id in the configuration, or with gatehouse login --client-id. Its answer", answer);
                }
                return new OAuthClient(server.name(), Members.text(body, "client_id"), Members.text(body, "client_secret"),
                    Members.text(body, "token_endpoint_auth_method"), redirectUri);
            })
            .compose(client -> store.saveClient(client).map(client));
    }

    private JsonObject metadata(AuthorizationServer server, String redirectUri) {
        JsonObject metadata = new JsonObject().put("client_name", "Gatehouse").put("application_type", "native")
            .put("token_endpoint_auth_method", method(server));
        if (redirectUri == null) {
            return metadata.put("grant_types", JsonArray.of(DeviceFlow.GRANT, "refresh_token")).put("response_types", new JsonArray())
                .put("redirect_uris", new JsonArray());
        }
        return metadata.put("grant_types", JsonArray.of("authorization_code", "refresh_token")).put("response_types", JsonArray.of("code"))
            .put("redirect_uris", JsonArray.of(redirectUri));
    }

    /** A public client where the server has such, since a secret on a user's machine is none. */
    private static String method(AuthorizationServer server) {
        List<String> supported = server.list("token_endpoint_auth_methods_supported");
        return supported.isEmpty() ? ClientAuthentication.NONE
            : Stream.of(ClientAuthentication.NONE, ClientAuthentication.BASIC, ClientAuthentication.POST).filter(supported::contains).findFirst()
                .orElse(ClientAuthentication.NONE);
    }
}
