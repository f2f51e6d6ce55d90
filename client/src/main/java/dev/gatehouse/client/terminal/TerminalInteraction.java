package dev.gatehouse.client.terminal;

import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.AuthorizationServer;
import dev.gatehouse.client.oauth.UserInteraction;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Authorization as a person at a terminal goes through it. */
public final class TerminalInteraction implements UserInteraction {

    private final Vertx vertx;
    private final Terminal terminal;
    private final SystemBrowser browser;

    /** @param openBrowser whether to start a browser; else the URL is shown alone */
    public TerminalInteraction(Vertx vertx, Terminal terminal, Map<String, String> environment, boolean openBrowser) {
        this.vertx = vertx;
        this.terminal = terminal;
        this.browser = openBrowser ? new SystemBrowser(environment) : null;
    }

    @Override
    public Future<Void> open(LoginRequest request) {
        introduce(request.server(), request.resource(), request.scope());
        return show(request.url());
    }

    @Override
    public Future<String> openAndPaste(LoginRequest request) {
        return open(request).compose(shown -> terminal.ask("Paste the authorization code: "));
    }

    @Override
    public Future<Void> show(DeviceCode code) {
        introduce(code.server(), code.resource(), null);
        terminal.note("Open " + code.verificationUri() + " on any device and enter the code " + code.userCode());
        if (code.completeUri() != null) {
            terminal.note("Or open " + code.completeUri());
        }
        return Future.succeededFuture();
    }

    @Override
    public Future<Boolean> confirm(AuthorizationServer server, String resource) {
        if (!terminal.isInteractive()) {
            return Future.succeededFuture(false);
        }
        introduce(server, resource, null);
        terminal.note("The server names it; the configuration does not.");
        return terminal.ask("Send the client's secrets there? [y/N] ").map(answer -> answer.strip().equalsIgnoreCase("y"));
    }

    private void introduce(AuthorizationServer server, String resource, String scope) {
        terminal.note("Authentication required" + (resource == null ? "." : " by " + resource));
        terminal.note("  Authorization server: " + server.name());
        if (scope != null) {
            terminal.note("  Scopes: " + scope);
        }
    }

    private Future<Void> show(URI url) {
        Future<Boolean> started = browser == null ? Future.succeededFuture(false) : vertx.executeBlocking(() -> browser.open(url), false);
        return started.map(opened -> {
            terminal.note(opened ? "Opening the browser. If nothing opens, visit:" : "Visit:");
            terminal.note("  " + url);
            return null;
        });
    }

    /** Opens a URL in the user's browser: that of {@code BROWSER}, else the platform's. Blocking. */
    private static final class SystemBrowser {

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
}
