package dev.gatehouse.resource;

import dev.gatehouse.shared.http.ClientCertificates;
import dev.gatehouse.shared.oauth.Loopback;
import dev.gatehouse.shared.oauth.UrlSpelling;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Checks settings that a profile does not allow. */
final class SafetyCheck {

    private SafetyCheck() {
    }

    /** Returns a sentence for each invalid setting, with its key. */
    static List<String> problems(ResourceServerOptions options) {
        List<String> problems = new ArrayList<>();
        // A schema cannot express all of this, and the stdio server does not check the schema.
        if (!UrlSpelling.isServer(options.authServer())) {
            problems.add("authServer: '" + options.authServer()
                + "' is not an issuer identifier: expected an http or https URL with a host, such as http://localhost:9000, without query, fragment and user name");
            return problems;
        }
        try {
            options.scopeHierarchy();
        } catch (IllegalArgumentException cycle) {
            problems.add("scopes: no scope may imply itself, but " + cycle.getMessage());
        }
        if (options.introspection().clientSecret() != null && options.introspection().clientSecretFile() != null) {
            problems.add("introspection.clientSecret, introspection.clientSecretFile: set one of them");
        }
        if (options.mutualTls().enabled()) {
            ClientCertificates.problem(options.tls() != null, options.mutualTls().proxyHeader(), options.trustedProxies()).ifPresent(problems::add);
        }
        if (options.isProduction()) {
            requireHttps("resource", options.resource().value(), problems);
            requireHttps("authServer", options.authServer(), problems);
            problems.addAll(options.store().productionProblems());
            if (options.introspection().clientId() == null || options.introspection().clientSecret() == null && options.introspection().clientSecretFile() == null) {
                problems.add("introspection.clientId, introspection.clientSecret or introspection.clientSecretFile: the production profile requires a separate client for this server's introspection requests");
            }
            if (options.recordDirectory() != null) {
                problems.add("recordDirectory: only the demo profile records login attempts");
            }
            if ("mcp-test-secret".equals(options.introspection().clientSecret())) {
                problems.add("introspection.clientSecret: the demo client's secret is public");
            }
        } else {
            if (!Loopback.isLoopbackHost(bracketed(options.host()))) {
                problems.add("host: the demo profile serves only this machine. Use localhost, or set profile to production");
            }
            requireSafeTransport("resource", options.resource().value(), problems);
            requireSafeTransport("authServer", options.authServer(), problems);
        }
        return problems;
    }

    private static void requireHttps(String key, String url, List<String> problems) {
        if (!url.startsWith("https://")) {
            problems.add(key + ": the production profile requires https, not " + url);
        }
    }

    private static void requireSafeTransport(String key, String url, List<String> problems) {
        URI uri = URI.create(url);
        if (!"https".equalsIgnoreCase(uri.getScheme()) && !Loopback.isLoopbackHost(uri.getHost())) {
            problems.add(key + ": " + url + " would send tokens over a network without encryption. Use https");
        }
    }

    private static String bracketed(String host) {
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
