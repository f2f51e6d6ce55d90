package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.config.StartupException;
import io.vertx.launcher.application.HookContext;
import io.vertx.launcher.application.VertxApplication;
import io.vertx.launcher.application.VertxApplicationHooks;

import java.util.List;

/** Vert.x's launcher, told to leave the exit and the words to us. */
final class Launcher extends VertxApplication {

    private static final boolean PRINT_USAGE_ON_FAILURE = false;
    private static final boolean EXIT_ON_FAILURE = false;

    private Launcher(List<String> arguments, Hooks hooks) {
        super(arguments.toArray(String[]::new), hooks, PRINT_USAGE_ON_FAILURE, EXIT_ON_FAILURE);
    }

    /**
     * Deploys, and waits until the process is told to end.
     *
     * @return the launcher's exit code, when it did not even come to the verticle
     * @throws StartupException when the verticle refuses to start
     */
    static int launch(List<String> arguments) throws InterruptedException {
        Logging.silence(VertxApplication.class);
        // What the cluster manager logs belongs with the rest, on standard error.
        System.setProperty("hazelcast.logging.type", "slf4j");
        Hooks hooks = new Hooks();
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

        @Override
        public void afterVertxStopped(HookContext context) {
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
