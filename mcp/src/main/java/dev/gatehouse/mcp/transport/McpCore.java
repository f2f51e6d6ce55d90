package dev.gatehouse.mcp.transport;

import dev.gatehouse.mcp.api.McpResource;
import dev.gatehouse.mcp.api.Prompt;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.feature.McpFeatures;
import dev.gatehouse.mcp.feature.McpEngine;
import dev.gatehouse.mcp.stateful.SessionRegistry;
import dev.gatehouse.mcp.stateful.StatefulServer;
import dev.gatehouse.mcp.stateless.StatelessServer;
import dev.gatehouse.shared.metric.Meters;
import dev.gatehouse.shared.metric.Meters.Gauge;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.shareddata.Shareable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The engine and the sessions of one HTTP transport, or of one transport in each instance of a deployment: the connections of a client reach
 * all instances, and each must find its session. Two transports of one instance never share a core.
 */
final class McpCore {

    private final McpEngine engine;
    private final StatefulServer stateful;
    private final StatelessServer stateless;
    private final SessionRegistry sessions;
    private final List<Gauge> gauges;

    McpCore(McpEngine engine, StatefulServer stateful, StatelessServer stateless, SessionRegistry sessions, Meters meters) {
        this.engine = engine;
        this.stateful = stateful;
        this.stateless = stateless;
        this.sessions = sessions;
        this.gauges = List.of(meters.gauge("gatehouse.mcp.sessions", "Open sessions.", sessions::size),
            meters.gauge("gatehouse.mcp.tasks", "Tasks that run, or whose results are kept.", stateless::tasks));
    }

    McpEngine engine() {
        return engine;
    }

    StatefulServer stateful() {
        return stateful;
    }

    StatelessServer stateless() {
        return stateless;
    }

    SessionRegistry sessions() {
        return sessions;
    }

    /** Ends idle sessions and expired tasks. */
    void sweep() {
        sessions.sweep();
        stateless.sweep();
    }

    private void close() {
        gauges.forEach(Gauge::close);
        stateless.close();
        sessions.close();
        engine.close();
    }

    /** One transport's hold on a core. The core closes with the last of them. */
    static final class Handle {

        private final McpCore core;
        private final Runnable release;
        private boolean released;

        private Handle(McpCore core, Runnable release) {
            this.core = core;
            this.release = release;
        }

        McpCore core() {
            return core;
        }

        /** Safe to call more than once. */
        synchronized void release() {
            if (!released) {
                released = true;
                release.run();
            }
        }
    }

    /**
     * The core for a transport that is made now: shared with the other instances of the verticle that makes it, and outside of a
     * verticle its own.
     *
     * @param realm as {@link RequestSecurity#realm}
     */
    static Handle of(Vertx vertx, McpFeatures features, McpTransportOptions options, String realm, Supplier<McpCore> maker) {
        Context context = Vertx.currentContext();
        if (context == null || context.deploymentID() == null) {
            McpCore own = maker.get();
            return new Handle(own, own::close);
        }
        Shared shared = vertx.sharedData().<String, Shared>getLocalMap("dev.gatehouse.mcp.cores")
            .computeIfAbsent("", absent -> new Shared());
        return shared.join(Kind.of(context.deploymentID(), features, options, realm), ((ContextInternal) context).unwrap(), maker);
    }

    /** The common properties of the transports of one server in several instances. */
    private record Kind(String deployment, String realm, McpTransportOptions options, String name, String version, List<String> offered) {

        static Kind of(String deployment, McpFeatures features, McpTransportOptions options, String realm) {
            List<String> offered = Stream.of(
                features.tools().stream().map(Tool::definition).map(tool -> "tool " + tool.name()),
                features.resources().stream().map(McpResource::definition).map(resource -> "resource " + resource.uri()),
                features.prompts().stream().map(Prompt::definition).map(prompt -> "prompt " + prompt.name())).flatMap(each -> each).toList();
            return new Kind(deployment, realm, options, features.name(), features.version(), offered);
        }
    }

    /** The cores of one Vert.x, in the order in which each instance makes its transports. */
    private static final class Shared implements Shareable {

        private final Map<Kind, List<Place>> places = new HashMap<>();

        private record Place(McpCore core, Set<Context> instances) {
        }

        synchronized Handle join(Kind kind, Context instance, Supplier<McpCore> maker) {
            List<Place> alike = places.computeIfAbsent(kind, first -> new ArrayList<>());
            Place place = alike.stream().filter(each -> !each.instances.contains(instance)).findFirst().orElse(null);
            if (place == null) {
                place = new Place(maker.get(), new HashSet<>());
                alike.add(place);
            }
            Place joined = place;
            joined.instances.add(instance);
            return new Handle(joined.core, () -> leave(kind, joined, instance));
        }

        private void leave(Kind kind, Place place, Context instance) {
            synchronized (this) {
                place.instances.remove(instance);
                if (!place.instances.isEmpty()) {
                    return;
                }
                List<Place> alike = places.get(kind);
                alike.remove(place);
                if (alike.isEmpty()) {
                    places.remove(kind);
                }
            }
            place.core.close();
        }
    }
}
