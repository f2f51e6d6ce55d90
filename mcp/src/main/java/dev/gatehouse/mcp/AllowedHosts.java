package dev.gatehouse.mcp;

import dev.gatehouse.shared.oauth.ResourceId;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The {@code Host} values that requests may name, so that a rebound DNS name reaches nothing. */
public final class AllowedHosts {

    private AllowedHosts() {
    }

    /**
     * {@return the resource's own host, each name of this machine if that is one, and the configured hosts}
     *
     * @param resource the resource
     * @param configured more hosts
     */
    public static Set<String> of(ResourceId resource, Set<String> configured) {
        URI uri = URI.create(resource.value());
        Set<String> hosts = new LinkedHashSet<>(configured);
        List<String> names = resource.isLoopback() ? List.of(uri.getHost(), "localhost", "127.0.0.1", "[::1]") : List.of(uri.getHost());
        for (String name : names) {
            if (uri.getPort() < 0) {
                hosts.add(name);
                hosts.add(name + (uri.getScheme().equals("https") ? ":443" : ":80"));
            } else {
                hosts.add(name + ":" + uri.getPort());
            }
        }
        return hosts;
    }
}
