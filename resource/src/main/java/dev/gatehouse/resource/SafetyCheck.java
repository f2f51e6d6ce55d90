package dev.gatehouse.resource;

import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.oauth.UrlSpelling;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** What each profile refuses to run with. */
final class SafetyCheck {

    private SafetyCheck() {
    }

    /** A sentence for each setting that has to be mended, with its key. */
    static List<String> problems(ResourceOptions options) {
        List<String> problems = new ArrayList<>();
        // The schema of the configuration cannot say all of it, and standard input and output serve without that schema.
        if (!UrlSpelling.isServer(options.introspection().authServer())) {
            problems.add("authServer: '" + options.introspection().authServer()
                + "' is no issuer identifier. It is an http or https URL with a host, as http://localhost:9000, without query, fragment and user name");
            return problems;
        }
        if (options.production()) {
            requireHttps("resource", options.resource().value(), problems);
            requireHttps("authServer", options.introspection().authServer(), problems);
            if (options.introspection().clientId() == null || options.introspection().clientSecret() == null) {
                problems.add("introspection.clientId, introspection.clientSecret: the production profile needs a client of this server's own to introspect as");
            }
            if ("mcp-test-secret".equals(options.introspection().clientSecret())) {
                problems.add("introspection.clientSecret: the demo client's secret is known to everybody");
            }
        } else {
            if (!Loopback.isLoopbackHost(bracketed(options.host()))) {
                problems.add("host: the demo profile serves this machine only. Use localhost, or set profile to production");
            }
            requireSafeTransport("resource", options.resource().value(), problems);
            requireSafeTransport("authServer", options.introspection().authServer(), problems);
        }
        return problems;
    }

    private static void requireHttps(String key, String url, List<String> problems) {
        if (!url.startsWith("https://")) {
            problems.add(key + ": the production profile needs https, and this is " + url);
        }
    }

    private static void requireSafeTransport(String key, String url, List<String> problems) {
        URI uri = URI.create(url);
        if (!"https".equalsIgnoreCase(uri.getScheme()) && !Loopback.isLoopbackHost(uri.getHost())) {
            problems.add(key + ": " + url + " would carry tokens over a network in the clear. Use https");
        }
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
