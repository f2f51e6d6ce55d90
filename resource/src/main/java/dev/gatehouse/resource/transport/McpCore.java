package dev.gatehouse.resource.transport;

import dev.gatehouse.resource.modern.ModernServer;
import dev.gatehouse.resource.protocol.McpEngine;
import dev.gatehouse.resource.session.SessionRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.shareddata.LocalMap;
import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The engine and the sessions behind one HTTP transport, or behind those of all instances of one deployment: a client's
 * connections are spread over the instances, and each must find its session.
 */
final class McpCore implements Shareable {

    private static final String MAP = "dev.gatehouse.resource.cores";

    private final McpEngine engine;
    private final ModernServer modern;
    private final SessionRegistry sessions;
    private final AtomicInteger users = new AtomicInteger();

    McpCore(McpEngine engine, ModernServer modern, SessionRegistry sessions) {
        this.engine = engine;
        this.modern = modern;
        this.sessions = sessions;
    }

    /** The core of that deployment, made by the first that asks. Each that asks must {@link #release} it. */
    static McpCore of(Vertx vertx, String deployment, Supplier<McpCore> maker) {
        LocalMap<String, McpCore> cores = vertx.sharedData().getLocalMap(MAP);
        McpCore core = cores.computeIfAbsent(deployment, absent -> maker.get());
        core.users.incrementAndGet();
        return core;
    }

    void release(Vertx vertx, String deployment) {
        if (users.decrementAndGet() <= 0) {
            vertx.sharedData().<String, McpCore>getLocalMap(MAP).removeIfPresent(deployment, this);
            sessions.close();
            engine.close();
        }
    }

    McpEngine engine() {
        return engine;
    }

    ModernServer modern() {
        return modern;
    }

    SessionRegistry sessions() {
        return sessions;
    }
}
