package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Approval;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.shared.oauth.Scopes;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A user with a role and a token for the administration. */
public record AdminClient(RunningServer server, String sub, String token) {

    public static final String CLIENT = "admin-tool";
    private static final String SCOPES = "admin:read admin:write";

    /** Registers the client whose tokens the users have. The user of the demo is no owner any more, so that tests know all owners. */
    public static void register(RunningServer server) {
        setRole(server, "testuser", null);
        server.add(new Client(CLIENT, "Administration tool", List.of(), Set.of(ClientAuthMethod.NONE), List.of(Clients.REDIRECT_URI),
            Set.of("authorization_code", "refresh_token"), Scopes.of("admin:read", "admin:write", "mcp:read", "mcp:write"), List.of(), 0));
    }

    /** Adds a user with a role and gets a token. */
    public static AdminClient of(RunningServer server, Role role) {
        return named(server, role.wireName(), role);
    }

    public static AdminClient named(RunningServer server, String username, Role role) {
        String sub = addUser(server, username);
        setRole(server, username, role);
        return new AdminClient(server, sub, redeem(server, sub, SCOPES).requireOk().json().getString("access_token"));
    }

    public static String addUser(RunningServer server, String username) {
        String sub = "usr_" + username;
        Waiting.on(server.users().add(new User(sub, username, "$none", username + "@example.com", null, false, server.clock().millis(), null)));
        return sub;
    }

    /** @param role null for none */
    public static void setRole(RunningServer server, String username, Role role) {
        Waiting.on(new RoleStore(server.database()).set(username, Optional.ofNullable(role), server.clock().millis()));
    }

    /** Redeems the code of a user for a token of the administration. */
    public static Answer redeem(RunningServer server, String sub, String scopes) {
        Approval approval = server.approve(sub, CLIENT, scopes, List.of(server.issuer() + AdminOptions.PATH));
        return server.post("/oauth/token", "grant_type", "authorization_code", "client_id", CLIENT, "code", approval.code(), "code_verifier", approval.verifier());
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer send(String method, String path, JsonObject body, String... headers) {
        HttpRequest.Builder request = server.request(AdminOptions.PATH + path, "Bearer " + token)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        return server.send(headers.length == 0 ? request : request.headers(headers));
    }

    /** Sends a change with the entity tag that the resource has now. */
    public Answer change(String method, String path, JsonObject body) {
        return changeAfter(path, method, path, body);
    }

    /** The same where the tag is that of another path. */
    public Answer changeAfter(String read, String method, String path, JsonObject body) {
        return send(method, path, body, "If-Match", get(read).requireOk().header("ETag"));
    }
}
