package dev.gatehouse.client.connect;

import dev.gatehouse.client.Connector;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.credential.CredentialFiles;
import dev.gatehouse.client.http.CallException;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.OAuthFailure;
import dev.gatehouse.client.session.ClientFeatures;
import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.session.McpError;
import dev.gatehouse.client.terminal.Elicitation;
import dev.gatehouse.client.terminal.SystemBrowser;
import dev.gatehouse.client.terminal.Terminal;
import dev.gatehouse.client.terminal.TerminalInteraction;
import dev.gatehouse.client.transport.CallFailure;
import dev.gatehouse.shared.cli.Version;
import dev.gatehouse.shared.config.DataHome;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/** This process as an MCP client: its event loop, its terminal, and what it does for servers. */
public final class ClientProcess implements AutoCloseable {

    static final int FAILED = 1;
    static final int TOOL_FAILED = 3;
    static final int UNAUTHORIZED = 4;

    private final Vertx vertx;
    private final ConnectionOptions options;
    private final Terminal terminal;
    private final SystemBrowser browser;
    private final ProgressView progress;
    private final HttpCaller http;
    private final CredentialFiles credentials;
    private final Connector connector;

    private ClientProcess(Vertx vertx, ConnectionOptions options, Terminal terminal, ProgressView progress) {
        this.vertx = vertx;
        this.options = options;
        this.terminal = terminal;
        this.progress = progress;
        browser = options.opensBrowser() ? new SystemBrowser(vertx, System.getenv()) : null;
        http = new HttpCaller(vertx);
        credentials = new CredentialFiles(vertx, DataHome.of(System.getenv()));
        connector = new Connector(new Login.Surroundings(vertx, http, Clock.systemUTC(), credentials,
            new TerminalInteraction(terminal, browser), lookup -> { }), System.getenv(), terminal::note);
    }

    /**
     * Makes a client.
     *
     * @param terminal made for the client's event loop
     * @param error takes progress
     */
    public static ClientProcess create(ConnectionOptions options, Function<Vertx, Terminal> terminal, PrintWriter error) {
        // The platform's resolver knows what the hosts file says, and starts faster.
        System.setProperty("vertx.disableDnsResolver", "true");
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4).setInternalBlockingPoolSize(2)
            .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        Terminal made = terminal.apply(vertx);
        return new ClientProcess(vertx, options, made, new ProgressView(error, new PrintWriter(System.err), made.isInteractive()));
    }

    public Vertx vertx() {
        return vertx;
    }

    public Connector connector() {
        return connector;
    }

    public CredentialFiles credentials() {
        return credentials;
    }

    public HttpCaller http() {
        return http;
    }

    public Terminal terminal() {
        return terminal;
    }

    /** Connects. @param sampling answers {@code sampling/createMessage}; null without a model */
    public Future<McpConnection> connect(ServerEntry server, Function<JsonObject, Future<JsonObject>> sampling) {
        ClientFeatures features = new ClientFeatures(elicitation()::ask, sampling, List.of(Path.of("").toAbsolutePath().toUri()));
        return connector.connect(server, new McpConnection.Options(server.protocolVersion(), Version.current(), options.timeoutMillis(),
            options.logLevel(), features, this::notification, terminal::note));
    }

    /** Puts questions to the person at this client. */
    public Elicitation elicitation() {
        return new Elicitation(terminal, browser);
    }

    private void notification(JsonObject message) {
        if ("notifications/message".equals(message.getValue("method")) && message.getValue("params") instanceof JsonObject params) {
            Object data = params.getValue("data");
            terminal.note("[" + params.getValue("level") + "] " + (data instanceof JsonObject object ? object.encode() : data));
        }
    }

    public Consumer<JsonObject> progress() {
        return progress::show;
    }

    /** Waits for the end, on the command's own thread, and turns a failure into an exit code and a message. */
    public int run(Future<Integer> work) {
        try {
            return work.onComplete(done -> progress.end()).await();
        } catch (OAuthFailure failure) {
            return explain(failure, UNAUTHORIZED);
        } catch (CallFailure failure) {
            return explain(failure, failure.status() == 401 || failure.status() == 403 ? UNAUTHORIZED : FAILED);
        } catch (McpError | CallException failure) {
            return explain(failure, FAILED);
        }
    }

    /** Does one thing of several: returns the message of a failure, which ends nothing else. */
    public static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    private int explain(RuntimeException failure, int code) {
        terminal.note("gatehouse: " + failure.getMessage());
        return code;
    }

    @Override
    public void close() {
        vertx.close().await();
    }

    /** Shows the progress of a call: a bar on a terminal where the total is known, else lines. */
    static final class ProgressView {

        private static final int WIDTH = 30;
        private final PrintWriter out;
        private final PrintWriter terminal;
        private final boolean bar;
        private boolean open;

        /**
         * @param out takes lines
         * @param terminal takes the bar: it lets control characters through
         */
        ProgressView(PrintWriter out, PrintWriter terminal, boolean bar) {
            this.out = out;
            this.terminal = terminal;
            this.bar = bar;
        }

        /** @param progress the parameters of {@code notifications/progress} */
        synchronized void show(JsonObject progress) {
            double done = number(progress, "progress");
            double total = number(progress, "total");
            String message = progress.getValue("message") instanceof String text ? " " + VisibleText.of(text) : "";
            if (bar && total > 0) {
                int filled = (int) Math.round(Math.min(1, Math.max(0, done / total)) * WIDTH);
                // The carriage return is the one control character that this view needs; the line behind it is visible text.
                terminal.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + Math.min(100, Math.round(100 * done / total)) + " %" + message);
                terminal.flush();
                open = true;
            } else {
                out.println("progress " + plain(done) + (total > 0 ? " of " + plain(total) : "") + message);
                out.flush();
            }
        }

        private static double number(JsonObject progress, String name) {
            return progress.getValue(name) instanceof Number number ? number.doubleValue() : 0;
        }

        private static String plain(double value) {
            return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
        }

        /** Ends the line of the bar. */
        synchronized void end() {
            if (open) {
                terminal.println();
                terminal.flush();
                open = false;
            }
        }
    }
}
