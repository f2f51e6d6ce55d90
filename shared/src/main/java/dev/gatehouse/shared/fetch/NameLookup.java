package dev.gatehouse.shared.fetch;

import io.vertx.core.Future;

import java.net.InetAddress;
import java.util.List;

/** Resolves host names. */
@FunctionalInterface
interface NameLookup {

    /** Returns all IPv4 and IPv6 addresses of a name, in the order in which to try them; fails if there is none. */
    Future<List<InetAddress>> addresses(String host);
}
