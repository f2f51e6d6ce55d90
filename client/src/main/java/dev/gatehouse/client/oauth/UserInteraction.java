package dev.gatehouse.client.oauth;

import io.vertx.core.Future;

import java.net.URI;

/** The person at this client, as far as authorization needs one. What a server names is shown to the person before anything is opened. */
public interface UserInteraction {

    /** A device's code, to be entered in a browser elsewhere (RFC 8628 §3.3). */
    record DeviceCode(AuthorizationServer server, String resource, String userCode, URI verificationUri, URI completeUri, long expiresInSeconds) {
    }

    /** Shows the authorization server and the resource of a request, and opens its URL in a browser. Does not wait for the answer. */
    Future<Void> open(LoginRequest request);

    /** The same, where the server shows the code to the person, who pastes it. Returns what was pasted. Fails where no person can paste. */
    default Future<String> openAndPaste(LoginRequest request) {
        return refuse();
    }

    /** Shows the code of a device. Fails where no person can read it. */
    default Future<Void> show(DeviceCode code) {
        return refuse();
    }

    /**
     * Asks whether the configured secrets of this client may go to an authorization server that an MCP server names, and the configuration does not.
     * Without an answer they do not.
     */
    default Future<Boolean> confirm(AuthorizationServer server, String resource) {
        return Future.succeededFuture(false);
    }

    /** Tells the person that a sign-in of another process at the same MCP server is waited for. */
    default void waitForOther(String server) {
    }

    /** Without a person: interactive authorization fails. */
    UserInteraction NONE = request -> refuse();

    private static <T> Future<T> refuse() {
        return Future.failedFuture(new OAuthFailure(OAuthFailure.Kind.INTERACTION_REQUIRED, "Authentication required: a person has to sign in."));
    }
}
