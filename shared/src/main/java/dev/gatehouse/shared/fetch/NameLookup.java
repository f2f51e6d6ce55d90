package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Resolves host names. */
@FunctionalInterface
interface NameLookup {

    /** Returns all IPv4 and IPv6 addresses of a name, in the order in which to try them; fails if there is none. */
    Future<List<InetAddress>> addresses(String host);

    /**
     * Resolves names by the hosts file and the DNS servers of this machine with Vert.x's resolver. It blocks no thread, so a DNS
     * server that never answers delays only its own caller.
     */
    final class SystemNames implements NameLookup {

        private final Vertx vertx;

        SystemNames(Vertx vertx) {
            this.vertx = vertx;
        }

        @Override
        public Future<List<InetAddress>> addresses(String host) {
            Promise<List<InetSocketAddress>> found = CallerContext.promise(vertx);
            // The public DnsClient ignores the hosts file and the configured servers, and resolves one address family at a time.
            ((VertxInternal) vertx).nameResolver().resolveAll(host, found::handle);
            return found.future().map(all -> all.stream().map(InetSocketAddress::getAddress).toList());
        }
    }
}
