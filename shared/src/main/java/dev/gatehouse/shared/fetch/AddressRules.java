package dev.gatehouse.shared.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Decides which addresses are on the public internet: none from the special-purpose registries (RFC 6890); for IPv6 only
 * global unicast, without the forms that embed an IPv4 address.
 */
final class AddressRules {

    private static final List<Block> SPECIAL_IPV4 = Stream.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        // Multicast, and everything above it up to the broadcast address.
        "224.0.0.0/4", "240.0.0.0/4").map(Block::parse).toList();

    /** Excludes unspecified, loopback, mapped, compatible, NAT64, unique local, link-local and multicast addresses. */
    private static final Block GLOBAL_UNICAST = Block.parse("2000::/3");

    /** Protocol assignments (with Teredo, benchmarking and ORCHID), documentation, 6to4, AS112, documentation. */
    private static final List<Block> SPECIAL_IPV6 = Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
        "3fff::/20").map(Block::parse).toList();

    private AddressRules() {
    }

    /** Returns whether an address is public. Java turns an IPv4-mapped IPv6 address into an IPv4 address before this check. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return SPECIAL_IPV4.stream().noneMatch(block -> block.holds(bytes));
        }
        return GLOBAL_UNICAST.holds(bytes) && SPECIAL_IPV6.stream().noneMatch(block -> block.holds(bytes));
    }

    /** A CIDR block. */
    private record Block(byte[] start, int bits) {

        static Block parse(String text) {
            int slash = text.indexOf('/');
            return new Block(LiteralAddress.parse(text.substring(0, slash)).getAddress(), Integer.parseInt(text.substring(slash + 1)));
        }

        boolean holds(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (start[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Parses IP address literals without a DNS lookup. */
    static final class LiteralAddress {

        private static final Pattern FIGURES = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*");

        private LiteralAddress() {
        }

        /** @throws IllegalArgumentException if the text is not an IP address literal */
        static InetAddress parse(String figures) {
            if (!FIGURES.matcher(figures).matches()) {
                throw new IllegalArgumentException("Not an IP address literal");
            }
            try {
                return InetAddress.getByName(figures);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("Not an IP address literal", e);
            }
        }

        /** Removes the host name from an address, so that a connection to it needs no further lookup. */
        static InetAddress nameless(InetAddress address) {
            try {
                return InetAddress.getByAddress(address.getAddress());
            } catch (UnknownHostException e) {
                throw new IllegalStateException("The bytes of an address have a valid length", e);
            }
        }
    }
}
