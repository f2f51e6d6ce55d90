package dev.gatehouse.shared.http;

import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.oauth.Loopback;
import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Determines the address of the client. {@code X-Forwarded-For} is trusted only as far as configured proxies wrote it: from
 * its end, the first address that is not a trusted proxy is the client. Addresses are compared as numbers, because IPv6 has
 * several spellings of one address. Untrusted forwarding headers are logged once.
 */
public final class ClientAddress {

    private static final Logger LOG = LoggerFactory.getLogger(ClientAddress.class);
    private static final int NETWORK_GROUPS = 4;
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("X-Forwarded-For");
    private static final List<CharSequence> OTHER_NAMES_OF_CLIENTS =
        optimized("Forwarded", "X-Real-IP", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP");
    /** Other headers that proxies add. */
    private static final List<CharSequence> OTHER_MARKS =
        optimized("X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix");

    private final List<Block> trustedProxies;
    private final AtomicBoolean reported = new AtomicBoolean();

    /** A CIDR block; a single address is a block of all its bits. */
    private record Block(byte[] network, int bits) {

        /** Parses {@code 192.0.2.1}, {@code 10.0.0.0/8}, {@code 2001:db8::/32}. */
        static Block parse(String text) {
            int slash = text.indexOf('/');
            InetAddress address = ClientAddress.parse(slash < 0 ? text : text.substring(0, slash));
            if (address == null) {
                throw new StartupException("trustedProxies: " + text + " is neither an IP address nor a network such as 10.0.0.0/8");
            }
            byte[] network = address.getAddress();
            int most = network.length * Byte.SIZE;
            int bits = slash < 0 ? most : bits(text.substring(slash + 1));
            if (bits < 1 || bits > most) {
                throw new StartupException("trustedProxies: " + text + " needs a prefix length from 1 to " + most);
            }
            return new Block(network, bits);
        }

        private static int bits(String text) {
            return text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        }

        boolean contains(InetAddress address) {
            byte[] other = address.getAddress();
            if (other.length != network.length) {
                return false;
            }
            int whole = bits / Byte.SIZE;
            for (int i = 0; i < whole; i++) {
                if (other[i] != network[i]) {
                    return false;
                }
            }
            int rest = Byte.SIZE - bits % Byte.SIZE;
            return rest == Byte.SIZE || (other[whole] & 0xFF) >> rest == (network[whole] & 0xFF) >> rest;
        }
    }

    /**
     * Configures the proxies in front of this server.
     *
     * @param trustedProxies IP addresses, or networks in CIDR notation
     * @throws StartupException if one is neither
     */
    public ClientAddress(List<String> trustedProxies) {
        this.trustedProxies = trustedProxies.stream().map(Block::parse).toList();
    }

    /**
     * {@return the IP address of the client} IPv6 addresses are in the form of RFC 5952, so that one address has one text.
     *
     * @param request the request
     */
    public String of(HttpServerRequest request) {
        String address = sender(request);
        InetAddress parsed = address.indexOf(':') < 0 ? null : parse(address);
        return parsed == null ? address : NetUtil.toAddressString(parsed);
    }

    private String sender(HttpServerRequest request) {
        String address = request.remoteAddress().hostAddress();
        if (!isTrusted(address)) {
            reportUnbelieved(request, address);
            return address;
        }
        String forwarded = String.join(",", request.headers().getAll(FORWARDED_FOR));
        if (forwarded.isBlank()) {
            reportUnread(request, address);
            return address;
        }
        String[] hops = forwarded.split(",");
        for (int i = hops.length - 1; i >= 0 && isTrusted(address); i--) {
            InetAddress hop = parse(withoutPort(hops[i].strip()));
            if (hop == null) {
                return address;
            }
            address = hop.getHostAddress();
        }
        return address;
    }

    /** Some proxies append the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
    private static String withoutPort(String hop) {
        int bracket = hop.indexOf(']');
        if (hop.startsWith("[") && bracket > 0) {
            return hop.substring(1, bracket);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }

    private void reportUnbelieved(HttpServerRequest request, String peer) {
        if (!reported.get() && isForwarded(request) && reported.compareAndSet(false, true)) {
            LOG.warn("Requests from {} have forwarding headers, but trustedProxies does not list that address. The headers are ignored,"
                + " and all its requests count as one source in rate limits and lockouts. If it is your proxy, add it to trustedProxies", peer);
        }
    }

    private void reportUnread(HttpServerRequest request, String peer) {
        if (!reported.get() && hasAny(request, OTHER_NAMES_OF_CLIENTS) && reported.compareAndSet(false, true)) {
            LOG.warn("The proxy {} sends the client address in a header other than X-Forwarded-For, which is the only supported one. All its requests count"
                + " as one source in rate limits and lockouts. Configure it to send X-Forwarded-For", peer);
        }
    }

    /** Returns whether the request passed through a proxy, trusted or not. */
    private static boolean isForwarded(HttpServerRequest request) {
        return request.headers().contains(FORWARDED_FOR) || hasAny(request, OTHER_NAMES_OF_CLIENTS) || hasAny(request, OTHER_MARKS);
    }

    /** Every request comes here, so it is a loop over names whose hash codes are known. */
    private static boolean hasAny(HttpServerRequest request, List<CharSequence> names) {
        MultiMap headers = request.headers();
        for (CharSequence name : names) {
            if (headers.contains(name)) {
                return true;
            }
        }
        return false;
    }

    private static List<CharSequence> optimized(String... names) {
        return Arrays.stream(names).map(HttpHeaders::createOptimized).toList();
    }

    /**
     * {@return the key for rate limits} The key is an IPv4 address, or the /64 network of an IPv6 address, because one subscriber can use all
     * addresses of that network.
     *
     * @param request the request
     */
    public String sourceOf(HttpServerRequest request) {
        String address = sender(request);
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

    /**
     * {@return whether the request came from this machine without a proxy}
     *
     * @param request the request
     */
    public boolean isDirectLoopback(HttpServerRequest request) {
        return Loopback.isLoopbackAddress(request.remoteAddress().hostAddress()) && !isForwarded(request);
    }

    /**
     * {@return whether a trusted proxy sent the request}
     *
     * @param request the request
     */
    public boolean isFromTrustedProxy(HttpServerRequest request) {
        return isTrusted(request.remoteAddress().hostAddress());
    }

    private boolean isTrusted(String address) {
        if (trustedProxies.isEmpty()) {
            return false;
        }
        InetAddress parsed = parse(address);
        return parsed != null && trustedProxies.stream().anyMatch(block -> block.contains(parsed));
    }

    /** Parses an IP address, an IPv4-mapped one as IPv4; null for anything else. Uses no DNS. */
    private static InetAddress parse(String text) {
        int zone = text.indexOf('%');
        return NetUtil.createInetAddressFromIpAddressString(zone < 0 ? text : text.substring(0, zone));
    }
}
