package dev.gatehouse.shared.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Parses IP address literals without a DNS lookup. */
final class LiteralAddress {

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
