package dev.gatehouse.authz.consent;

import dev.gatehouse.authz.client.Client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Links to the policies of an application (RFC 7591 §2). */
public final class PolicyLinks {

    /** A link. @param host the host that the page shows */
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

    /** Checks the scheme again, because the client may have registered before this rule existed. */
    private static void add(List<Link> links, String title, String url) {
        if (url != null && (url.startsWith("https://") || url.startsWith("http://"))) {
            String host = URI.create(url).getHost();
            if (host != null) {
                links.add(new Link(title, url, host));
            }
        }
    }
}
