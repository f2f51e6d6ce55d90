package dev.gatehouse.client.terminal;

import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.AuthorizationServer;
import dev.gatehouse.client.oauth.UserInteraction;
import io.vertx.core.Future;

import java.net.URI;

/** Authorization as a person at a terminal goes through it. */
public final class TerminalInteraction implements UserInteraction {

    private final Terminal terminal;
    private final SystemBrowser browser;

    /** @param browser null to show the URL alone */
    public TerminalInteraction(Terminal terminal, SystemBrowser browser) {
        this.terminal = terminal;
        this.browser = browser;
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

    @Override
    public void waitForOther(String server) {
        terminal.note("Another process is signing in at " + server + ". This one waits, and then uses its login.");
    }

    private void introduce(AuthorizationServer server, String resource, String scope) {
        terminal.note("Authentication required" + (resource == null ? "." : " by " + resource));
        terminal.note("  Authorization server: " + server.name());
        if (scope != null) {
            terminal.note("  Scopes: " + scope);
        }
    }

    private Future<Void> show(URI url) {
        Future<Boolean> started = browser == null ? Future.succeededFuture(false) : browser.open(url);
        return started.map(opened -> {
            terminal.note(opened ? "Opening the browser. If nothing opens, visit:" : "Visit:");
            terminal.note("  " + url);
            return null;
        });
    }
}
