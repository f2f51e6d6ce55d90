package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.ConfigFile;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Deploys a verticle through Vert.x's own launcher, as {@code vertx run} did before Vert.x 5. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Deploy a verticle by its name, as \"vertx run\" did.")
final class RunCommand implements Callable<Integer> {

    private static final Map<String, String> SHORT_NAMES = Map.of(
        "authz", "dev.gatehouse.authz.AuthzVerticle",
        "resource", "dev.gatehouse.resource.ResourceVerticle");

    @Parameters(paramLabel = "VERTICLE", description = "A class name, or authz or resource for ours.")
    private String verticle;

    @Option(names = {"-conf", "--conf"}, paramLabel = "FILE", description = "Configuration file; conf/ has examples.")
    private Path configuration;

    @Option(names = {"-instances", "--instances"}, paramLabel = "N", defaultValue = "1", description = "Instances to deploy, each with an event loop (default: ${DEFAULT-VALUE}).")
    private int instances;

    @Option(names = {"-cluster", "--cluster"}, description = "Join the Vert.x cluster; needs a cluster manager on the class path.")
    private boolean cluster;

    @Override
    public Integer call() throws InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(SHORT_NAMES.getOrDefault(verticle, verticle), "-instances", String.valueOf(instances)));
        if (configuration != null) {
            // Read here for the sake of its error messages; the launcher's own name no place.
            arguments.addAll(List.of("-conf", ConfigFile.read(configuration).encode()));
        }
        if (cluster) {
            arguments.add("-cluster");
        }
        Outcome outcome = new Outcome();
        int code = new VertxApplication(arguments.toArray(String[]::new), outcome).launch();
        if (code == 0) {
            Thread.currentThread().join();
        }
        return code;
    }

    /** Says in one line why a verticle refused to start. */
    private static final class Outcome implements VertxApplicationHooks {

        @Override
        public void afterFailureToDeployVerticle(HookContext context, Throwable failure) {
            System.err.println("gatehouse: " + failure.getMessage());
            context.vertx().close();
        }
    }
}
