package dev.gatehouse.shared.http;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.Loopback;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells where a request came from. {@code X-Forwarded-For} is believed only as far as configured proxies wrote it: read
 * from its end, the first address that is not such a proxy is the client. Addresses are compared as numbers, since IPv6
 * has many spellings of one.
 */
public final class ClientAddress {

    private static final int NETWORK_GROUPS = 4;

    private final Set<InetAddress> trustedProxies;

    /**
     * Takes the proxies in front of this server.
     *
     * @param trustedProxies their numeric addresses
     * @throws StartupException where one is not a numeric address
     */
    public ClientAddress(List<String> trustedProxies) {
        Set<InetAddress> proxies = new HashSet<>();
        for (String text : trustedProxies) {
            InetAddress proxy = parse(text);
            if (proxy == null) {
                throw new StartupException("trustedProxies: " + text + " is not a numeric address");
            }
            proxies.add(proxy);
        }
        this.trustedProxies = Set.copyOf(proxies);
    }

    /** The numeric address of the client. */
    public String of(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        if (!isTrusted(address)) {
            return address;
        }
        String forwarded = String.join(",", request.headers().getAll("X-Forwarded-For"));
        String[] hops = forwarded.isBlank() ? new String[0] : forwarded.split(",");
        for (int i = hops.length - 1; i >= 0 && isTrusted(address); i--) {
            String hop = hops[i].strip();
            if (parse(hop) == null) {
                return address;
            }
            address = hop;
        }
        return address;
    }

    /**
     * What limits count by: an IPv4 address, or the /64 network of an IPv6 one, of which a single subscriber has all
     * addresses to choose from.
     */
    public String sourceOf(HttpServerRequest request) {
        String address = of(request);
        if (address.indexOf(':') < 0) {
            return address;
        }
        InetAddress parsed = parse(address);
        if (parsed == null || parsed.getAddress().length == Integer.BYTES) {
            return parsed == null ? address : parsed.getHostAddress();
        }
        String[] groups = parsed.getHostAddress().split(":");
        return String.join(":", List.of(groups).subList(0, NETWORK_GROUPS)) + "::/64";
    }

    /** Whether the request came from this machine itself and through no proxy. */
    public boolean isDirectLoopback(HttpServerRequest request) {
        return Loopback.isLoopbackAddress(request.remoteAddress().hostAddress())
            && !request.headers().contains("X-Forwarded-For") && !request.headers().contains("Forwarded");
    }

    /** Whether the request came straight from one of the proxies that are believed. */
    public boolean isFromTrustedProxy(HttpServerRequest request) {
        return isTrusted(request.remoteAddress().hostAddress());
    }

    private boolean isTrusted(String address) {
        return !trustedProxies.isEmpty() && trustedProxies.contains(parse(address));
    }

    /** The address that a text spells in numbers, an IPv4-mapped one as IPv4; null for anything else. Asks no name server. */
    private static InetAddress parse(String text) {
        return NetUtil.createInetAddressFromIpAddressString(text);
    }
}
