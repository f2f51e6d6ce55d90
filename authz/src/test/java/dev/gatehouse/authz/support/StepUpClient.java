package dev.gatehouse.authz.support;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A public client whose requests ask for a level of authentication. */
public final class StepUpClient {

    private static final String ID = "steps";

    private final FrontServer server;
    private final String scopes;
    private final String verifier = SecretToken.generate("");

    /** @param scopes of the client and of its requests, space-separated */
    public StepUpClient(FrontServer server, String scopes) {
        this.server = server;
        this.scopes = scopes;
        server.running().add(new Client(ID, "App", List.of(), Set.of(ClientAuthMethod.NONE), List.of("http://127.0.0.1/callback"),
            Set.of("authorization_code"), Scopes.parse(scopes), List.of(), server.clock().millis()));
    }

    /** The path and query of a request of the client, changed. */
    public String request(String... changes) {
        return Requests.authorize(Stream.concat(Stream.of("client_id", ID, "scope", scopes, "code_challenge", SecretToken.hash(verifier)), Stream.of(changes))
            .toArray(String[]::new));
    }

    /** The response of the token endpoint to a code. */
    public JsonObject redeem(String code) {
        return server.running().post("/oauth/token", "grant_type", "authorization_code", "code", code, "client_id", ID, "code_verifier", verifier,
            "redirect_uri", FrontServer.CALLBACK).requireOk().json();
    }

    /** The claims of an access token. */
    public JsonObject introspect(JsonObject tokens) {
        return server.running().post("/oauth/introspect", "token", tokens.getString("access_token")).requireOk().json();
    }
}
