package dev.gatehouse.client.terminal;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Opens a URL in the user's browser: that of {@code BROWSER}, else the platform's. Blocking. */
final class SystemBrowser {

    private final Map<String, String> environment;

    SystemBrowser(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Returns whether a browser was started. */
    boolean open(URI url) {
        try {
            new ProcessBuilder(command(url)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return true;
        } catch (IOException none) {
            return false;
        }
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
