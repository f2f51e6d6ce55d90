package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.audit.CurrentTrace;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.telemetry.Telemetry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;

import java.net.BindException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Verticles that one process serves until it is told to end. For command-line threads, which may wait. */
public final class Servers {

    private static final int GRACE_SECONDS = 10;
    /** For stores and connections to be closed, beside the grace for requests under way. */
    private static final int CLOSE_SECONDS = 5;

    private final Vertx vertx;
    /** Null if there is none. */
    private final Telemetry telemetry;
    /** Of the deployments, the latest first: a server may need one that was deployed before it, to its last answer. */
    private final Deque<String> deployments = new ArrayDeque<>();
    private int graceSeconds;

    private Servers(Telemetry telemetry) {
        this.telemetry = telemetry;
        this.vertx = telemetry == null ? Vertx.vertx() : telemetry.builder(new VertxOptions()).build();
        if (telemetry != null) {
            telemetry.install(vertx);
            CurrentTrace.from(telemetry::currentTraceId);
        }
        Logging.followLevels();
    }

    /**
     * {@return a process without servers yet, that closes them when it is told to end}
     *
     * @param service the name of the process in its telemetry
     * @param configurations of the servers that will be deployed; they tell whether the process serves metrics
     */
    public static Servers create(String service, JsonObject... configurations) {
        Servers servers = new Servers(Telemetry.of(service, Stream.of(configurations).anyMatch(Servers::isMeasured), System.getenv()));
        Runtime.getRuntime().addShutdownHook(new Thread(servers::close, "shutdown"));
        return servers;
    }

    static boolean isMeasured(JsonObject configuration) {
        return configuration.getJsonObject("metrics", new JsonObject()).containsKey("port");
    }

    /**
     * Deploys a verticle and waits until it serves.
     *
     * @param verticle a class name: this module does not know those of the others
     * @param configuration the configuration of the verticle
     * @param portOption the option that chooses its port, for the message when that is in use
     * @return this
     * @throws StartupException when it refuses to start
     */
    public Servers deploy(String verticle, JsonObject configuration, String portOption) {
        try {
            String id = vertx.deployVerticle(verticle, new DeploymentOptions().setConfig(configuration))
                .toCompletionStage().toCompletableFuture().get();
            synchronized (deployments) {
                deployments.push(id);
                graceSeconds += configuration.getJsonObject("stopping", new JsonObject()).getInteger("graceSeconds", GRACE_SECONDS);
            }
            return this;
        } catch (ExecutionException e) {
            throw explain(e.getCause(), verticle, portOption);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("Interrupted while " + verticle + " started", e);
        }
    }

    /**
     * Deploys a verticle whose port {@code --port} chooses.
     *
     * @param verticle a class name
     * @param configuration the configuration of the verticle
     * @return this
     * @see #deploy(String, JsonObject, String)
     */
    public Servers deploy(String verticle, JsonObject configuration) {
        return deploy(verticle, configuration, "--port");
    }

    /** Turns the failure of a start into a message for the operator. */
    static StartupException explain(Throwable failure, String verticle, String portOption) {
        if (!(failure instanceof StartupException refusal)) {
            return new StartupException("Cannot start " + verticle + ": " + failure, failure);
        }
        return refusal.getCause() instanceof BindException
            ? new StartupException(refusal.getMessage() + " The option of the port is " + portOption + ".",
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
            stop().toCompletionStage().toCompletableFuture().get(graceSeconds + CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            System.err.println("gatehouse: not everything was closed in time; nothing acknowledged is lost");
        }
        if (telemetry != null) {
            telemetry.close();
        }
        Logging.flush();
    }

    private Future<Void> stop() {
        Future<Void> stopped = Future.succeededFuture();
        synchronized (deployments) {
            for (String id : deployments) {
                stopped = stopped.eventually(() -> vertx.undeploy(id));
            }
        }
        return stopped.eventually(vertx::close);
    }
}
