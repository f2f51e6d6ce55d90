package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/**
 * Gives the HTTP transport the result of authentication. The authentication handler stands before the transport on the same routes. It sends
 * 401 itself, and leaves the request paused when it is asynchronous; the transport resumes it.
 */
public interface RequestSecurity {

    /** Names what is guarded. Transports whose realms differ never share sessions. */
    default String realm() {
        return getClass().getName();
    }

    /**
     * The path that clients see before the transport's own paths, which a proxy may have taken off.
     *
     * @param mountPoint the path that the router is mounted at, without a final slash
     */
    default String publicPath(String mountPoint) {
        return mountPoint;
    }

    /** The principal of a request that has passed authentication; never null. */
    Principal principal(RoutingContext context);

    /** Answers 403 with an {@code insufficient_scope} challenge that names these scopes (RFC 6750 §3.1), and ends the response. */
    void insufficientScope(RoutingContext context, Set<String> needed);

    /** An identifier of the credential: equal for equal credentials, and no secret. */
    Object credential(RoutingContext context);

    /** The validity of a credential now. */
    enum Validity {
        /** It is good. */
        GOOD,
        /** It has been revoked, or has expired. */
        ENDED,
        /** Other questions were in the way, which says nothing of the credential. */
        NOT_ASKED
    }

    /**
     * Finds out what is known of the credential of a request whose stream is still open. Asked again and again for each credential, so
     * that a revoked token ends its streams; expiry the transport sees by itself.
     *
     * @return fails if the authorization server does not answer, which the streams survive for a minute
     */
    Future<Validity> validity(RoutingContext context);
}
