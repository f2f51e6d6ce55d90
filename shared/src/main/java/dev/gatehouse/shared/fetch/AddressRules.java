package dev.gatehouse.shared.fetch;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are those of servers on the public internet: none of the special-purpose registries (RFC 6890), and of
 * IPv6 only global unicast, without the forms that carry an IPv4 address inside.
 */
final class AddressRules {

    private static final List<Block> SPECIAL_IPV4 = Stream.of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
        "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
        // Multicast, and all that lies above it up to the broadcast address.
        "224.0.0.0/4", "240.0.0.0/4").map(Block::parse).toList();

    /** Whatever is not in here is not routed: unspecified, loopback, mapped, compatible, NAT64, ULA, link-local, multicast. */
    private static final Block GLOBAL_UNICAST = Block.parse("2000::/3");

    /** Protocol assignments with Teredo, benchmarking and ORCHID in it; documentation; 6to4; AS112; documentation again. */
    private static final List<Block> SPECIAL_IPV6 = Stream.of("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48",
        "3fff::/20").map(Block::parse).toList();

    private AddressRules() {
    }

    /** Whether an address is public. What Java made an IPv4 address of a mapped one is judged as the former. */
    static boolean isPublic(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length == 4) {
            return SPECIAL_IPV4.stream().noneMatch(block -> block.holds(bytes));
        }
        return GLOBAL_UNICAST.holds(bytes) && SPECIAL_IPV6.stream().noneMatch(block -> block.holds(bytes));
    }

    /** The addresses that begin with the same bits. */
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
}
