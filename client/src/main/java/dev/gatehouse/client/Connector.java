package dev.gatehouse.client;

import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.config.ServerEntry.TransportKind;
import dev.gatehouse.client.http.RequestAuthorizer;
import dev.gatehouse.client.oauth.Credential;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.OAuthAuthorizer;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.client.transport.ProcessTransport;
import dev.gatehouse.client.transport.SseTransport;
import dev.gatehouse.client.transport.StreamableTransport;
import dev.gatehouse.client.transport.Transport;
import io.vertx.core.Future;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Connects to configured servers: puts transport, authorization and session together. */
public final class Connector {

    /** The variables of this process that a server process inherits. Others may hold secrets. */
    private static final Set<String> INHERITED = Set.of("HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "LANG", "TZ", "TMPDIR", "JAVA_HOME",
        "GATEHOUSE_HOME", "APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PROCESSOR_ARCHITECTURE", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP",
        "USERNAME", "USERPROFILE");
    private static final List<Integer> STATUS_OF_OLDER_SERVERS = List.of(400, 404, 405);

    private final Login.Surroundings surroundings;
    private final Map<String, String> environment;
    private final Consumer<String> errorLines;

    /**
     * @param environment of this process
     * @param errorLines takes what server processes print to standard error
     */
    public Connector(Login.Surroundings surroundings, Map<String, String> environment, Consumer<String> errorLines) {
        this.surroundings = surroundings;
        this.environment = environment;
        this.errorLines = errorLines;
    }

    /** Connects. A server over http that turns out to be one of revision 2024-11-05 is connected to by HTTP+SSE. */
    public Future<McpConnection> connect(ServerEntry server, McpConnection.Options options) {
        return transport(server).compose(transport -> McpConnection.open(surroundings.vertx(), transport, options))
            .recover(failure -> server.transport() == TransportKind.HTTP && failure instanceof CallFailure call
                && STATUS_OF_OLDER_SERVERS.contains(call.status()) ? overSse(server, options, failure) : Future.failedFuture(failure));
    }

    private Future<McpConnection> overSse(ServerEntry server, McpConnection.Options options, Throwable before) {
        return McpConnection.open(surroundings.vertx(), sse(server), options)
            .recover(none -> Future.failedFuture(none instanceof CallFailure call && call.status() > 0 ? before : none));
    }

    private Future<Transport> transport(ServerEntry server) {
        return switch (server.transport()) {
            case STDIO -> process(server);
            case SSE -> Future.succeededFuture(sse(server));
            case HTTP -> Future.succeededFuture(streamable(server));
        };
    }

    /** The transport of a server over Streamable HTTP, not yet open. */
    public Transport streamable(ServerEntry server) {
        return new StreamableTransport(surroundings.vertx(), server.url(), server.headers(), surroundings.http(), authorizer(server));
    }

    /** The transport of a server over HTTP+SSE, not yet open. */
    public Transport sse(ServerEntry server) {
        return new SseTransport(surroundings.vertx(), server.url(), server.headers(), surroundings.http(), authorizer(server));
    }

    private RequestAuthorizer authorizer(ServerEntry server) {
        return server.auth() == null ? RequestAuthorizer.NONE : new OAuthAuthorizer(surroundings, server.url(), server.auth());
    }

    /** Removes the stored credential of a server. Returns whether there was one. */
    public Future<Boolean> logOut(ServerEntry server) {
        return server.auth() == null ? Future.succeededFuture(false) : login(server).logOut();
    }

    /**
     * Removes a stored credential. Returns whether the authorization server confirmed the revocation.
     *
     * @param configured servers, one of which may have the key that its client authenticates with
     */
    public Future<Boolean> logOut(Credential credential, List<ServerEntry> configured) {
        OAuthOptions options = configured.stream().filter(server -> server.auth() != null && owns(server, credential)).map(ServerEntry::auth)
            .filter(auth -> credential.client().id().equals(auth.clientId())).findFirst().orElse(OAuthOptions.DISCOVERED);
        return new Login(surroundings, URI.create(credential.server()), options).logOut(credential);
    }

    /** The stored credential of a server, as it was saved. */
    public Future<Optional<Credential>> stored(ServerEntry server) {
        return surroundings.store().find(address(server).toString(), credential -> owns(server, credential));
    }

    /** Returns true for a credential of a server that its configuration accepts. */
    public static boolean owns(ServerEntry server, Credential credential) {
        return credential.server().equals(address(server).toString()) && (server.auth() == null || server.auth().accepts(credential));
    }

    /** The login at a server that takes part in authorization. */
    public Login login(ServerEntry server) {
        return new Login(surroundings, address(server), server.auth());
    }

    private static URI address(ServerEntry server) {
        return server.transport() == TransportKind.STDIO ? URI.create("stdio:" + server.name().replaceAll("[^A-Za-z0-9._-]", "_")) : server.url();
    }

    /** A server process gets its access token by its environment, which is where the specification of MCP has it look. */
    private Future<Transport> process(ServerEntry server) {
        Map<String, String> variables = new HashMap<>();
        environment.forEach((name, value) -> {
            if (INHERITED.contains(name) || name.startsWith("LC_") || name.startsWith("XDG_")) {
                variables.put(name, value);
            }
        });
        variables.putAll(server.environment());
        Future<Void> signedIn = server.auth() == null ? Future.succeededFuture()
            : login(server).credential().map(credential -> {
                    variables.put("MCP_ACCESS_TOKEN", credential.tokens().accessToken());
                    return null;
                });
        return signedIn.map(ready -> new ProcessTransport(surroundings.vertx(), server.command(), variables, errorLines));
    }
}
