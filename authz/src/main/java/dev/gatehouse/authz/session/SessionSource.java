package dev.gatehouse.authz.session;

import dev.gatehouse.shared.http.ClientAddress;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Set;

/**
 * The origin of a login.
 *
 * @param userAgent as the browser sent it, or null
 * @param address the IP address, or null
 * @param country the code of ISO 3166 that a trusted proxy has named, or null
 */
public record SessionSource(String userAgent, String address, String country) {

    private static final int LONGEST_USER_AGENT = 300;
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    /** The mask and the value of the first byte of a unique local address (RFC 4193). */
    private static final int LOCAL_MASK = 0xFE;
    private static final int LOCAL = 0xFC;

    /** Reads the origin of a request. @param countryHeader the header in which the trusted proxies name the country; null for none */
    static SessionSource of(HttpServerRequest request, ClientAddress addresses, String countryHeader) {
        String userAgent = request.getHeader("User-Agent");
        return new SessionSource(userAgent == null || userAgent.length() <= LONGEST_USER_AGENT ? userAgent : userAgent.substring(0, LONGEST_USER_AGENT),
            addresses.of(request), countryHeader == null || !addresses.isFromTrustedProxy(request) ? null : country(request.getHeader(countryHeader)));
    }

    /** Proxies have codes of their own for unknown countries. */
    private static String country(String named) {
        return named == null || !COUNTRIES.contains(named.toUpperCase(Locale.ROOT)) ? null : named.toUpperCase(Locale.ROOT);
    }

    /** Returns a short name of the browser. */
    public String browser() {
        return BrowserName.of(userAgent);
    }

    /** Returns the address with the country, or with the kind of its network. */
    public String place() {
        if (address == null) {
            return "unknown address";
        }
        InetAddress parsed = NetUtil.createInetAddressFromIpAddressString(address);
        String shown = parsed == null ? address : NetUtil.toAddressString(parsed);
        String kind = country != null ? new Locale.Builder().setRegion(country).build().getDisplayCountry(Locale.ENGLISH) : network(parsed);
        return kind.isEmpty() ? shown : shown + " (" + kind + ")";
    }

    private static String network(InetAddress parsed) {
        if (parsed == null) {
            return "";
        }
        boolean isLocal = parsed.isSiteLocalAddress() || parsed.isLinkLocalAddress() || parsed instanceof Inet6Address && (parsed.getAddress()[0] & LOCAL_MASK) == LOCAL;
        return parsed.isLoopbackAddress() ? "the machine of the server" : isLocal ? "a private network" : "";
    }
}
