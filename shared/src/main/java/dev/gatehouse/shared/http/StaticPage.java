package dev.gatehouse.shared.http;

import dev.gatehouse.shared.secret.SecretToken;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/**
 * A page that is the same for all users, with its style sheet inside, so that it needs no other URL of the server. Rendered
 * once.
 */
public final class StaticPage {

    private static final String STYLE = "/style/gatehouse.css";
    private static final String ICON = "/style/gate.svg";

    private final Buffer html;
    private final String contentSecurityPolicy;

    private StaticPage(String html, String style) {
        this.html = Buffer.buffer(html);
        contentSecurityPolicy = "default-src 'none'; img-src data:; style-src 'sha256-" + base64(SecretToken.sha256(style.getBytes(StandardCharsets.UTF_8)))
            + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /**
     * Renders a page. Blocking.
     *
     * @param template on the class path, with names in double braces; {@code style} and {@code icon} are predefined
     * @param values the values of the other names
     * @return the page
     */
    public static StaticPage of(String template, Map<String, String> values) {
        String style = read(STYLE);
        String html = read(template);
        for (Map.Entry<String, String> value : values.entrySet()) {
            html = html.replace("{{" + value.getKey() + "}}", escape(VisibleText.of(value.getValue())));
        }
        html = html.replace("{{style}}", style)
            .replace("{{icon}}", "data:image/svg+xml;base64," + base64(read(ICON).getBytes(StandardCharsets.UTF_8)));
        return new StaticPage(html, style);
    }

    /**
     * Sends the page with the status of the response.
     *
     * @param response the response to send
     */
    public void send(HttpServerResponse response) {
        response.putHeader("Content-Type", "text/html;charset=UTF-8")
            .putHeader("Cache-Control", "no-store")
            .putHeader("Cross-Origin-Opener-Policy", "same-origin")
            .putHeader("Content-Security-Policy", contentSecurityPolicy)
            .end(html);
    }

    private static String read(String resource) {
        try (InputStream stream = StaticPage.class.getResourceAsStream(resource)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }
}
