package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;

import java.net.BindException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Verticles that one process serves until it is told to end. For command-line threads, which may wait. */
public final class Servers {

    /** An operator who presses Ctrl-C is promised an end within two seconds. */
    private static final long STOP_MILLIS = 1_800;

    private final Vertx vertx;

    private Servers(Vertx vertx) {
        this.vertx = vertx;
    }

    /** A process without servers yet, that closes them when it is told to end. */
    public static Servers create() {
        Servers servers = new Servers(Vertx.vertx());
        Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "shutdown"));
        return servers;
    }

    /**
     * Deploys a verticle and waits until it serves.
     *
     * @param verticle a class name: this module does not know those of the others
     * @param portOption the option that chooses its port, for the message when that is in use
     * @throws StartupException when it refuses to start
     */
    public Servers deploy(String verticle, JsonObject configuration, String portOption) {
        try {
            vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(configuration))
                .toCompletionStage().toCompletableFuture().get();
            return this;
        } catch (ExecutionException e) {
            throw explain(e.getCause(), verticle, portOption);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted while " + verticle + " started", e);
        }
    }

    /** The same, where {@code --port} chooses the port. */
    public Servers deploy(String verticle, JsonObject configuration) {
        return deploy(verticle, configuration, "--port");
    }

    /** What to tell about a verticle that did not start. */
    static StartupException explain(Throwable failure, String verticle, String portOption) {
        if (!(failure instanceof StartupException refusal)) {
            return new StartupException("Cannot start " + verticle + ": " + failure, failure);
        }
        return refusal.getCause() instanceof BindException
            ? new StartupException(refusal.getMessage() + " The option for it is " + portOption + ".",
                refusal.getCause())
            : refusal;
    }

    /** Waits until the process is told to end. */
    public void await() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("gatehouse: not everything was closed in time; nothing acknowledged is lost");
        }
    }
}
