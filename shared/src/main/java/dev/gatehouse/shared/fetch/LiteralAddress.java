package dev.gatehouse.shared.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses in figures, read without ever asking a name server. */
final class LiteralAddress {

    private static final Pattern FIGURES = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:.]*:[0-9a-f:.]*");

    private LiteralAddress() {
    }

    /** @throws IllegalArgumentException when the text is not an address in figures */
    static InetAddress parse(String figures) {
        if (!FIGURES.matcher(figures).matches()) {
            throw new IllegalArgumentException("Not an address in figures");
        }
        try {
            return InetAddress.getByName(figures);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Not an address in figures", e);
        }
    }

    /** The same address without the name that it was found by, so that whoever connects to it looks nothing up. */
    static InetAddress nameless(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException("An address has the length of one", e);
        }
    }
}
