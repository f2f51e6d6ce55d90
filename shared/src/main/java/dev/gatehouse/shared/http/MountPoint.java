package dev.gatehouse.shared.http;

import io.vertx.ext.web.RoutingContext;

/** The mount point of a router. */
public final class MountPoint {

    private MountPoint() {
    }

    /**
     * {@return the path under which the router of a request is mounted, without a final slash; empty at the root}
     *
     * @param context the context of the request
     */
    public static String of(RoutingContext context) {
        String path = context.mountPoint();
        return path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
