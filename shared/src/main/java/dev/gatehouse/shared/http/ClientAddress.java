package dev.gatehouse.shared.http;

import dev.gatehouse.shared.oauth.Loopback;
import io.vertx.core.http.HttpServerRequest;

import java.util.List;
import java.util.Set;

/**
 * Tells where a request came from. {@code X-Forwarded-For} is believed only as far as configured proxies wrote it: read
 * from its end, the first address that is not such a proxy is the client.
 */
public final class ClientAddress {

    private final Set<String> trustedProxies;

    /** @param trustedProxies numeric addresses of the proxies in front of this server */
    public ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = Set.copyOf(trustedProxies);
    }

    /** The numeric address of the client. */
    public String of(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        if (!trustedProxies.contains(address)) {
            return address;
        }
        String forwarded = String.join(",", request.headers().getAll("X-Forwarded-For"));
        String[] hops = forwarded.isBlank() ? new String[0] : forwarded.split(",");
        for (int i = hops.length - 1; i >= 0 && trustedProxies.contains(address); i--) {
            address = hops[i].strip();
        }
        return address;
    }

    /** Whether the request came from this machine itself and through no proxy. */
    public boolean isDirectLoopback(HttpServerRequest request) {
        return Loopback.isLoopbackAddress(request.remoteAddress().hostAddress())
            && !request.headers().contains("X-Forwarded-For") && !request.headers().contains("Forwarded");
    }
}
