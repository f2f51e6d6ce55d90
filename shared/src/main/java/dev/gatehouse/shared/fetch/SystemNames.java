package dev.gatehouse.shared.fetch;

import dev.gatehouse.shared.vertx.CallerContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Names as this machine's hosts file and name servers know them, through Vert.x's resolver: it waits on no thread, so a
 * name server that never answers holds up nobody else.
 */
final class SystemNames implements NameLookup {

    private final Vertx vertx;

    SystemNames(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Future<List<InetAddress>> addresses(String host) {
        Promise<List<InetSocketAddress>> found = CallerContext.promise(vertx);
        // The public DnsClient reads neither the hosts file nor the list of name servers, and knows one family at a time.
        ((VertxInternal) vertx).nameResolver().resolveAll(host, found::handle);
        return found.future().map(all -> all.stream().map(InetSocketAddress::getAddress).toList());
    }
}
