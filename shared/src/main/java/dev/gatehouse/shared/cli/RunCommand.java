package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.audit.CurrentTrace;
import dev.gatehouse.shared.config.ConfigFile;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.telemetry.Telemetry;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Deploys a verticle through Vert.x's own launcher, as {@code vertx run} did before Vert.x 5. */
@Command(name = "run", mixinStandardHelpOptions = true,
    description = {"Deploy a verticle by name, like \"vertx run\" before Vert.x 5.",
        "All other options are passed to Vert.x's launcher."},
    footer = {"", "Example: ./gatehouse run authz -conf conf/authz.json -instances 2"})
final class RunCommand implements Callable<Integer> {

    private static final Map<String, String> SHORT_NAMES = Map.of(
        "authz", "dev.gatehouse.authz.AuthzVerticle",
        "resource", "dev.gatehouse.resource.ResourceVerticle");

    @Parameters(paramLabel = "VERTICLE", description = "authz, resource, or a class name.")
    private String verticle;

    @Option(names = {"-conf", "--conf"}, paramLabel = "FILE", description = "Configuration file; conf/ has examples.")
    private Path configuration;

    @Option(names = {"-instances", "--instances"}, paramLabel = "N", defaultValue = "1",
        description = "Instances to deploy, each with an event loop (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = {"-cluster", "--cluster"},
        description = "Join the Vert.x cluster. The cluster is on this machine, unless -Dvertx.hazelcast.config names another configuration.")
    private boolean cluster;

    @Option(names = {"-cluster-host", "--cluster-host"}, paramLabel = "ADDRESS", defaultValue = "127.0.0.1",
        description = "Address of the event bus of the cluster (default: ${DEFAULT-VALUE}).")
    private String clusterHost;

    @Unmatched
    private final List<String> others = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        return Launcher.launch(arguments());
    }

    /** Builds the arguments of the launcher. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of(SHORT_NAMES.getOrDefault(verticle, verticle), "-instances",
            String.valueOf(instances)));
        if (configuration != null) {
            // Read here, because the launcher's error messages do not name the line.
            arguments.addAll(List.of("-conf", ConfigFile.read(configuration).encode()));
        }
        if (cluster) {
            arguments.addAll(List.of("-cluster", "-cluster-host", clusterHost));
        }
        arguments.addAll(others);
        return arguments;
    }

    /** Vert.x's launcher, without its own exit and its own messages. */
    private static final class Launcher extends VertxApplication {

        private static final boolean PRINT_USAGE_ON_FAILURE = false;
        private static final boolean EXIT_ON_FAILURE = false;

        private Launcher(List<String> arguments, Hooks hooks) {
            super(arguments.toArray(String[]::new), hooks, PRINT_USAGE_ON_FAILURE, EXIT_ON_FAILURE);
        }

        /**
         * Deploys, and waits until the process ends.
         *
         * @return the launcher's exit code, if it failed before it deployed the verticle
         * @throws StartupException when the verticle refuses to start
         */
        static int launch(List<String> arguments) throws InterruptedException {
            Logging.silence(VertxApplication.class);
            // The cluster manager's log goes to the same place as all others: standard error.
            System.setProperty("hazelcast.logging.type", "slf4j");
            Logging.followLevels();
            Hooks hooks = new Hooks(arguments.get(0).contains(".resource.") ? "gatehouse-mcp" : "gatehouse-authz");
            int code = new Launcher(arguments, hooks).launch();
            if (hooks.refusal != null) {
                throw hooks.refusal;
            }
            if (code == 0) {
                Thread.currentThread().join();
            }
            return code;
        }

        private static final class Hooks implements VertxApplicationHooks {

            private volatile StartupException refusal;
            private final String service;
            private Telemetry telemetry;

            Hooks(String service) {
                this.service = service;
            }

            @Override
            public JsonObject afterConfigParsed(JsonObject configuration) {
                telemetry = Telemetry.of(service, Servers.isMeasured(configuration), System.getenv());
                return configuration;
            }

            @Override
            public VertxBuilder createVertxBuilder(VertxOptions options) {
                return telemetry == null ? VertxApplicationHooks.super.createVertxBuilder(options) : telemetry.builder(options);
            }

            @Override
            public void afterVertxStarted(HookContext context) {
                if (telemetry != null) {
                    telemetry.install(context.vertx());
                    CurrentTrace.from(telemetry::currentTraceId);
                }
            }

            @Override
            public void afterVertxStopped(HookContext context) {
                if (telemetry != null) {
                    telemetry.close();
                }
                Logging.flush();
            }

            @Override
            public void afterFailureToStartVertx(HookContext context, Throwable failure) {
                refusal = new StartupException("Cannot start Vert.x: " + failure, failure);
            }

            @Override
            public void afterFailureToDeployVerticle(HookContext context, Throwable failure) {
                refusal = Servers.explain(failure, context.mainVerticle(), "\"port\" in the configuration");
                context.vertx().close();
            }
        }
    }
}
