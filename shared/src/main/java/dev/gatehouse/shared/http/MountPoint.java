package dev.gatehouse.shared.http;

import io.vertx.ext.web.RoutingContext;

/** Where the router that serves a request is mounted. */
public final class MountPoint {

    private MountPoint() {
    }

    /** The path that the router is mounted below, without a final slash; empty at the root. */
    public static String of(RoutingContext context) {
        String path = context.mountPoint();
        return path == null ? "" : path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
