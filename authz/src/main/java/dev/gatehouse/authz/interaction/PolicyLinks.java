package dev.gatehouse.authz.interaction;

import dev.gatehouse.authz.client.Client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Links to what an application says of itself elsewhere (RFC 7591 §2). */
public final class PolicyLinks {

    /** A link. @param host where it leads, as people are told */
    public record Link(String title, String url, String host) {
    }

    private PolicyLinks() {
    }

    public static List<Link> of(Client client) {
        List<Link> links = new ArrayList<>();
        add(links, "Terms of service", client.metadata().text("tos_uri"));
        add(links, "Privacy policy", client.metadata().text("policy_uri"));
        return links;
    }

    /** Nothing but web addresses: what was registered before a rule was made is checked again. */
    private static void add(List<Link> links, String title, String url) {
        if (url != null && (url.startsWith("https://") || url.startsWith("http://"))) {
            String host = URI.create(url).getHost();
            if (host != null) {
                links.add(new Link(title, url, host));
            }
        }
    }
}
