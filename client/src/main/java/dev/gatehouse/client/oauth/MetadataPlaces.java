package dev.gatehouse.client.oauth;

import dev.gatehouse.client.http.SecureUrl;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The addresses of metadata documents, in the order in which the specification of MCP has clients try them. Pure. */
public final class MetadataPlaces {

    private static final String RESOURCE = "/.well-known/oauth-protected-resource";
    private static final String SERVER = "/.well-known/oauth-authorization-server";
    private static final String OPENID = "/.well-known/openid-configuration";

    private MetadataPlaces() {
    }

    /** The places of a protected resource's metadata: the challenge's address if it has one, else the well-known URIs (RFC 9728 §3.1). */
    public static List<String> ofResource(URI server, Optional<String> challenged) {
        if (challenged.isPresent()) {
            return List.of(challenged.get());
        }
        String origin = SecureUrl.origin(server);
        String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
        return Stream.of(origin + RESOURCE + pathOf(server) + query, origin + RESOURCE).distinct().toList();
    }

    /** The places of an authorization server's metadata (RFC 8414 §3.1 and §5, OpenID Connect Discovery 1.0 §4). */
    public static List<String> ofServer(String issuer) {
        URI url = SecureUrl.parse(issuer, "The authorization server's identifier");
        String origin = SecureUrl.origin(url);
        String path = pathOf(url);
        return path.isEmpty() ? List.of(origin + SERVER, origin + OPENID)
            : List.of(origin + SERVER + path, origin + OPENID + path, origin + path + OPENID);
    }

    private static String pathOf(URI url) {
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
