package dev.gatehouse.resource.cli;

import dev.gatehouse.mcp.transport.StandardOutput;
import dev.gatehouse.resource.StdioServer;
import dev.gatehouse.shared.cli.Logging;
import dev.gatehouse.shared.cli.PlainOptions;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The MCP server as a subprocess of an MCP host. It loads only the classes that the first response needs. */
public final class StdioMain {

    private static final long STOP_MILLIS = 1_500;

    private StdioMain() {
    }

    /** Serves until the host closes standard input. Exit codes: 0 served, 1 start failed, 2 invalid command line. */
    public static void main(String[] arguments) {
        StandardOutput.claim();
        Logging.configure();
        int code;
        try {
            code = run(McpArguments.parse(arguments));
        } catch (StartupException refusal) {
            System.err.println(VisibleText.lines("gatehouse: " + refusal.getMessage()));
            code = 1;
        } catch (PlainOptions.Misuse misuse) {
            System.err.println("gatehouse: " + misuse.getMessage());
            code = 2;
        }
        System.exit(code);
    }

    static int run(McpArguments arguments) {
        if (arguments.debug()) {
            Logging.debug();
        }
        // The Java resolver reads the hosts file and needs no further classes.
        System.setProperty("vertx.disableDnsResolver", "true");
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2).setInternalBlockingPoolSize(2)
            .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false)));
        StdioServer server = StdioServer.create(vertx, arguments.configuration(System.getenv()), System.getenv(), Clock.systemUTC());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "shutdown"));
        return serve(server);
    }

    private static int serve(StdioServer server) {
        try {
            server.run().toCompletionStage().toCompletableFuture().get();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        } catch (ExecutionException e) {
            throw new StartupException("Serving over standard input and output failed: " + e.getCause(), e.getCause());
        }
    }

    /** Stores the usage counters, at the end of input and on a signal. */
    private static void stop(StdioServer server) {
        try {
            server.close().toCompletionStage().toCompletableFuture().get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("gatehouse: the last calls' usage could not be stored");
        }
        Logging.flush();
    }
}
