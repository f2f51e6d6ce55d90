package dev.gatehouse.client.terminal;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opens pages in the user's browser: that of {@code BROWSER}, else the platform's. */
public final class SystemBrowser {

    private final Vertx vertx;
    private final Map<String, String> environment;

    public SystemBrowser(Vertx vertx, Map<String, String> environment) {
        this.vertx = vertx;
        this.environment = environment;
    }

    /** Returns whether a browser was started. */
    Future<Boolean> open(URI url) {
        return vertx.executeBlocking(() -> {
            try {
                new ProcessBuilder(command(url)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
                return true;
            } catch (IOException none) {
                return false;
            }
        }, false);
    }

    private List<String> command(URI url) {
        String named = environment.get("BROWSER");
        if (named != null && !named.isBlank()) {
            return List.of(named, url.toString());
        }
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", url.toString());
        }
        return List.of(system.contains("mac") ? "open" : "xdg-open", url.toString());
    }
}
