package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/**
 * What the HTTP transport asks of the one who authenticates. The authentication handler stands before the transport on the
 * same routes; it answers 401 itself, and leaves the request paused (the transport resumes it) when it goes asynchronous.
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

    /** What tells the credentials of requests apart: equal for equal credentials, and no secret itself. */
    Object credential(RoutingContext context);

    /** What is known of a credential now. */
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
