package dev.gatehouse.shared.fetch;

import io.vertx.core.Future;

import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host. */
@FunctionalInterface
interface NameLookup {

    /** All addresses of a name, of both families, in the order in which to try them; fails when there is none. */
    Future<List<InetAddress>> addresses(String host);
}
