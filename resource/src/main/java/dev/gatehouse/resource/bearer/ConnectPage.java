package dev.gatehouse.resource.bearer;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/** What a person sees who opens the MCP endpoint in a browser: what it is, and how to connect a client to it. */
final class ConnectPage {

    private static final String TEMPLATE = "/pages/connect.html";

    private final Buffer html;
    private final String contentSecurityPolicy;

    private ConnectPage(String html) {
        this.html = Buffer.buffer(html);
        this.contentSecurityPolicy = "default-src 'none'; style-src 'sha256-" + styleHash(html)
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /** Everything on the page comes from the configuration, so it is rendered once. */
    static ConnectPage of(ProtectedResource resource) {
        Map<String, String> values = Map.of(
            "resource", resource.id().value(),
            "sse", resource.sse().value(),
            "authServer", resource.authServer(),
            "metadata", resource.metadataUrl(resource.id(), ""),
            "scopes", String.join(" ", resource.scopes()));
        String html = load();
        for (Map.Entry<String, String> value : values.entrySet()) {
            html = html.replace("{{" + value.getKey() + "}}", escape(value.getValue()));
        }
        return new ConnectPage(html);
    }

    void send(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/html;charset=UTF-8")
            .putHeader("Cache-Control", "no-store")
            .putHeader("Content-Security-Policy", contentSecurityPolicy)
            .end(html);
    }

    private static String load() {
        try (InputStream page = ConnectPage.class.getResourceAsStream(TEMPLATE)) {
            return new String(page.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String styleHash(String html) {
        String style = html.substring(html.indexOf("<style>") + "<style>".length(), html.indexOf("</style>"));
        return Base64.getEncoder().encodeToString(SecretToken.sha256(style.getBytes(StandardCharsets.UTF_8)));
    }
}
