package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.CallPolicy.StepUp;
import dev.gatehouse.mcp.api.Principal;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

import java.util.Set;

/**
 * Gives the HTTP transport the result of authentication. The authentication handler stands before the transport on the same routes. It sends
 * 401 itself, and leaves the request paused when it is asynchronous; the transport resumes it.
 */
public interface RequestSecurity {

    /** {@return the name of the protected space} Transports whose realms differ never share sessions. */
    default String realm() {
        return getClass().getName();
    }

    /**
     * {@return the path that clients see before the transport's own paths} A proxy may have removed it.
     *
     * @param mountPoint the path that the router is mounted at, without a final slash
     */
    default String publicPath(String mountPoint) {
        return mountPoint;
    }

    /**
     * {@return the principal of a request that has passed authentication; never null}
     *
     * @param context the context of the request
     */
    Principal principal(RoutingContext context);

    /**
     * Answers 403 with an {@code insufficient_scope} challenge that names these scopes (RFC 6750 §3.1), and ends the response.
     *
     * @param context the context of the request
     * @param needed the scopes that the request needs
     */
    void insufficientScope(RoutingContext context, Set<String> needed);

    /**
     * Answers 401 with an {@code insufficient_user_authentication} challenge (RFC 9470 §3), and ends the response.
     *
     * @param context the context of the request
     * @param needed the authentication that the request needs
     */
    void insufficientAuthentication(RoutingContext context, StepUp needed);

    /**
     * {@return an identifier of the credential: equal for equal credentials, and no secret}
     *
     * @param context the context of the request
     */
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
     * Checks the credential of a request whose stream is still open. The transport repeats this for each credential, so that a revoked token ends its
     * streams. The transport checks the expiry itself.
     *
     * @param context the context of the request
     * @return fails if the authorization server does not answer; the streams survive that for a minute
     */
    Future<Validity> validity(RoutingContext context);
}
